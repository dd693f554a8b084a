package io.places.node;

import java.time.Instant;

/**
 * Something that a place or a node has said with {@link Node#log}.
 *
 * @param time when, by the clock of its machine
 * @param node where
 * @param place in which place; empty outside of places
 * @param text what came from another node is escaped: control characters as {@code \\u....}
 * @param lost entries before this one that were too many to be sent
 */
public record LogEntry(
    Instant time, String node, String place, System.Logger.Level level, String text, long lost) {}
