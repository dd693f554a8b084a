package io.places.mapreduce;

import io.places.mapreduce.proto.Piece;
import io.places.mapreduce.proto.Split;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/** Records in memory; a split is a stretch of them. */
final class MemoryInput implements InputFormat<Object, Object> {

  private final List<RecordEntry> records;

  MemoryInput(List<RecordEntry> records) {
    this.records = records;
  }

  /** All records of another input, in the order of its splits. */
  static <K, V> List<RecordEntry> read(InputFormat<K, V> format) throws IOException {
    List<RecordEntry> all = new ArrayList<>();
    Copies copies = new Copies();
    for (Split split : format.splits(1)) {
      try (RecordReader<K, V> reader = format.open(split)) {
        while (reader.next()) {
          all.add(new RecordEntry(copies.of(reader.key()), copies.of(reader.value())));
        }
      }
    }
    return all;
  }

  /** Splits that are cut before the records with these numbers; none is empty, but that of no records. */
  static List<Split> cut(int records, SortedSet<Integer> before) {
    List<Split> splits = new ArrayList<>();
    int from = 0;
    for (int border : before) {
      if (border > from && border < records) {
        splits.add(split(from, border));
        from = border;
      }
    }
    splits.add(split(from, records));
    return splits;
  }

  private static Split split(int from, int to) {
    Piece piece = Piece.newBuilder().setOffset(from).setLength(to - from).build();
    return Split.newBuilder().addPieces(piece).setBytes(piece.getLength()).build();
  }

  @Override
  public List<Split> splits(int workers) {
    return List.of(split(0, records.size()));
  }

  @Override
  public RecordReader<Object, Object> open(Split split) {
    Piece piece = split.getPieces(0);
    return new RecordReader<>() {
      private final Copies copies = new Copies(); // a mapper may change its record, which the next run gets again
      private final int end = (int) (piece.getOffset() + piece.getLength());
      private int next = (int) piece.getOffset();

      @Override
      public boolean next() {
        return next++ < end;
      }

      @Override
      public Object key() {
        return copies.of(records.get(next - 1).key());
      }

      @Override
      public Object value() {
        return copies.of(records.get(next - 1).value());
      }

      @Override
      public long bytesRead() {
        return Math.min(next, end) - piece.getOffset();
      }

      @Override
      public void close() {}
    };
  }
}
