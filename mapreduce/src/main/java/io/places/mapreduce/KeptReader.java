package io.places.mapreduce;

import java.util.List;

/** Reads records that a worker has kept. */
final class KeptReader implements RecordReader<Object, Object> {
  private final List<RecordEntry> records;
  private final long bytes;
  private int next;

  /**
   * Of one split.
   *
   * @param bytes how many are to be told as read when all records are
   */
  KeptReader(List<RecordEntry> records, long bytes) {
    this.records = records;
    this.bytes = bytes;
  }

  @Override
  public boolean next() {
    return next++ < records.size();
  }

  @Override
  public Object key() {
    return records.get(next - 1).key();
  }

  @Override
  public Object value() {
    return records.get(next - 1).value();
  }

  @Override
  public String position() {
    return "%d of those kept, key %s".formatted(next - 1, Quoted.of(key()));
  }

  @Override
  public long bytesRead() {
    return next > records.size() ? bytes : (long) ((double) bytes * next / (records.size() + 1));
  }

  @Override
  public void close() {}
}
