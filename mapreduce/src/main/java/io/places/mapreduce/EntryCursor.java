package io.places.mapreduce;

/** Walks over pairs of encoded key and value in the order of their keys. Used by one thread. */
interface EntryCursor {

  /** Goes to the next pair, at first to the first one; false at the end. */
  boolean next();

  /**
   * The key of the pair. The slice is moved by {@link #next}, the bytes it pointed to stay as they
   * were.
   */
  Slice key();

  /** The value of the pair; as for the key. */
  Slice value();
}
