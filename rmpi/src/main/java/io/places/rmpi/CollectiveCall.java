package io.places.rmpi;

/**
 * What a rank does in a collective operation, as far as all ranks must do the same. Travels with each message
 * of the operation, so that a rank which does something else is found out at the first of them.
 *
 * @param number which collective call on the communicator, from 1 on
 * @param operation its name
 * @param root the root; -1 if there is none
 * @param type what it is about
 * @param count how many elements; -1 if that may differ
 */
record CollectiveCall(long number, String operation, int root, String type, int count) {
  /** As users write it: {@code call 3, reduce(double[] of 100, root 0)}. */
  String text() {
    StringBuilder text = new StringBuilder("call %d, %s".formatted(number, operation));
    text.append('(').append(type);
    if (count >= 0) {
      text.append(" of ").append(count);
    }
    if (root >= 0) {
      text.append(type.isEmpty() ? "root " : ", root ").append(root);
    }
    return text.append(')').toString();
  }
}
