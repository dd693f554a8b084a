package io.places.rmpi;

/**
 * What a rank does in a collective operation, as far as all ranks must do the same. Travels with each message
 * of the operation, so that a rank which does something else is found out at the first of them.
 *
 * @param number which collective call on the communicator, from 1 on
 * @param operation its name; of a reduction of elements that of the operator, too, behind a colon
 * @param root the root, or {@link #NO_ROOT}
 * @param type what it is about
 * @param count how many elements; -1 if that may differ
 */
record CollectiveCall(long number, String operation, int root, String type, int count) {
  /** Of no rank: what users give as a root by mistake is none of it. */
  static final int NO_ROOT = Integer.MIN_VALUE;

  /** With arguments that do not travel with each message: {@code call 3, create(ranks [0, 2] of the job)}. */
  String text(String arguments) {
    return "call %d, %s(%s)".formatted(number, operation, arguments);
  }

  /** As users write it: {@code call 3, reduce(double[] of 100, sum, root 0)}. */
  String text() {
    int end = operation.indexOf(':');
    String name = end < 0 ? operation : operation.substring(0, end);
    StringBuilder text = new StringBuilder("call %d, %s(%s".formatted(number, name, type));
    if (count >= 0) {
      text.append(" of ").append(count);
    }
    if (end >= 0) {
      text.append(", ").append(operation, end + 1, operation.length());
    }
    if (root >= 0) {
      text.append(type.isEmpty() ? "root " : ", root ").append(root);
    }
    return text.append(')').toString();
  }
}
