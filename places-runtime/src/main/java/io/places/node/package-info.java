/**
 * Nodes and how they find each other: starting a {@link Node}, launching or connecting to a {@link
 * RemoteNode}, placing bodies on either, and finding named places.
 *
 * <p>Start reading at {@link Node#start()}. {@code MessageRouter} carries what comes from connections to
 * channels, {@code RemoteLink} what goes the other way, {@code Moves} ends of channels that go from node
 * to node. {@link NodeMain} is the main class of a launched node.
 */
@NullMarked
package io.places.node;

import org.jspecify.annotations.NullMarked;
