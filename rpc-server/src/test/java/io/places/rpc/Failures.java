package io.places.rpc;

import java.io.IOError;
import java.io.IOException;
import java.util.ServiceConfigurationError;

/** What the code of a server may throw, at its worst. */
final class Failures {
  private static final int LONG_CHAIN = 20_000;

  private Failures() {}

  private static final class Mute extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new AssertionError("no message");
    }
  }

  private static final class Restless extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new StackOverflowError("no message");
    }
  }

  /** Never returns an {@link Error}: it throws that. */
  static RuntimeException named(String name) {
    return switch (name) {
      case "a long chain" -> chain();
      case "a mute one" -> new Mute();
      case "a restless one" -> new Restless();
      case "a long message" -> new IllegalStateException("long ".repeat(1 << 20));
      case "a full disk" -> throw new IOError(new IOException("no space"));
      case "no service" -> throw new ServiceConfigurationError("no service");
      case "an error" -> throw new Error("plain");
      default -> new IllegalArgumentException(name);
    };
  }

  private static RuntimeException chain() {
    var last = new RuntimeException("the first cause");
    for (int i = 0; i < LONG_CHAIN; i++) {
      last = new RuntimeException("cause " + i, last);
    }
    return last;
  }
}
