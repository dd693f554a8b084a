package io.places.rmpi;

/**
 * A message together with who sent it, for receives with {@link Comm#ANY_SOURCE} or {@link Comm#ANY_TAG}.
 *
 * @param message what was sent
 * @param status by whom, and with which tag
 */
public record Received<T>(T message, Status status) {}
