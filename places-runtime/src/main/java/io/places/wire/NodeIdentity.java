package io.places.wire;

import java.util.UUID;

/**
 * Which node this is, and which life of it.
 *
 * @param node the node's id, the same after a restart
 * @param incarnation greater after each restart
 */
public record NodeIdentity(UUID node, long incarnation) {}
