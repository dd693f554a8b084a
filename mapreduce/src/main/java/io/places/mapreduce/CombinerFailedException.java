package io.places.mapreduce;

/** A combiner threw an exception for a pair that was put aside, so that the record it belongs to is not known. */
final class CombinerFailedException extends TaskFailedException {
  private static final long serialVersionUID = 1L;

  CombinerFailedException(Combiner<?, ?> combiner, Object key, long left, long right, Throwable cause) {
    super(
        "combiner %s failed on key %s with %d and %d: %s"
            .formatted(combiner.getClass().getName(), Quoted.of(key), left, right, cause),
        cause);
  }
}
