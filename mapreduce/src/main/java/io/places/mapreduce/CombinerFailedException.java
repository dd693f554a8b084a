package io.places.mapreduce;

/** A combiner threw an exception for pairs that were put aside, so that the records they belong to are not known. */
final class CombinerFailedException extends TaskFailedException {
  private static final long serialVersionUID = 1L;

  CombinerFailedException(Combiner<?, ?> combiner, Object key, Throwable cause) {
    super(
        "combiner %s failed on key %s: %s"
            .formatted(combiner.getClass().getName(), Quoted.of(key), cause),
        cause);
  }

  CombinerFailedException(Combiner<?, ?> combiner, Object key, long left, long right, Throwable cause) {
    super(
        "combiner %s failed on key %s with %d and %d: %s"
            .formatted(combiner.getClass().getName(), Quoted.of(key), left, right, cause),
        cause);
  }
}
