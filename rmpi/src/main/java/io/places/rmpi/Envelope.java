package io.places.rmpi;

import org.jspecify.annotations.Nullable;

/**
 * What is known of a message before it is received.
 *
 * @param context the communicator's number; one more for its collective operations
 * @param source the rank of the sender in the communicator
 * @param type {@code double[]}, or the class of the message
 * @param count elements of an array; else 1
 * @param call the collective operation that it belongs to, if it does
 */
record Envelope(
    int context, int source, int tag, String type, long count, @Nullable CollectiveCall call) {
  Status status() {
    return new Status(source, tag, count);
  }
}
