package io.places.mapreduce;

import java.io.IOException;

/**
 * The records of one split, one after the other. Used by one thread.
 *
 * @param <K> the key of a record
 * @param <V> the record
 */
public interface RecordReader<K, V> extends AutoCloseable {

  /**
   * Goes to the next record, at first to the first one.
   *
   * @return false at the end of the split
   * @throws InputException if the input has vanished, has shrunk, or is damaged
   */
  boolean next() throws IOException;

  /** The key of the record. To be asked only after {@link #next} answered true. */
  K key();

  /** The record. To be asked only after {@link #next} answered true. */
  V value();

  /** Where the record was read, for error messages: its key, unless a format knows better. */
  default String position() {
    return Quoted.of(key());
  }

  /** How much of the split has been read, in the unit of {@code Split.bytes}. */
  long bytesRead();

  @Override
  void close() throws IOException;
}
