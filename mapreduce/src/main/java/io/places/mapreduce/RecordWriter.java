package io.places.mapreduce;

import java.io.IOException;

/**
 * Writes the pairs of one part. Used by one thread.
 *
 * @param <K> the keys it can write
 * @param <V> the values it can write
 */
public interface RecordWriter<K, V> extends AutoCloseable {

  /** Writes one pair. */
  void write(K key, V value) throws IOException;

  /** How many bytes the pairs written so far take in the output; where it is packed, before that. */
  long bytesWritten();

  /** Completes the part, which can be committed after this has returned normally. */
  @Override
  void close() throws IOException;
}
