package io.places.mapreduce;

/**
 * A mapper emitted a pair of other types than it declares, past the compiler: the next attempt would do the same,
 * so that there is none.
 */
final class WrongTypeException extends TaskFailedException {
  private static final long serialVersionUID = 1L;

  WrongTypeException(String message, Throwable cause) {
    super(message, cause);
  }
}
