package io.places.rmpi;

/**
 * What a message was, or is.
 *
 * @param source the rank that sent it, in the communicator of the receive
 * @param tag its tag
 * @param count how many elements it has; 1 if it is no array
 */
public record Status(int source, int tag, int count) {}
