package io.places.rpc;

import io.places.place.PlaceExit;

/** Which of what code throws is a matter of its call alone. */
final class Faults {
  private Faults() {}

  /**
   * False for what is the whole place's: its exit, and what the JVM is short of. A stack that is too deep is
   * the call's.
   */
  static boolean isSurvived(Throwable thrown) {
    return switch (thrown) {
      case StackOverflowError _ -> true;
      case VirtualMachineError _ -> false;
      case PlaceExit _ -> false;
      default -> !isThreadDeath(thrown);
    };
  }

  /** By its name, because naming the class is deprecated. */
  private static boolean isThreadDeath(Throwable thrown) {
    return thrown.getClass().getName().equals("java.lang.ThreadDeath");
  }
}
