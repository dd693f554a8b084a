/**
 * Typed two-way channels between places, with credit, closing and time limits. Knows no network: the
 * link of an end whose peer lives on another node is made in {@code node}.
 *
 * <p>{@link PlaceChannel} is the API. The other types serve the runtime's own packages: {@link
 * ChannelEnd} is every end, {@link Link} its way to the other end, {@link Mailbox} holds what has arrived,
 * {@link Credit} what may still be sent.
 */
@NullMarked
package io.places.channel;

import org.jspecify.annotations.NullMarked;
