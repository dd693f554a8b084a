package io.places.examples.sort;

import io.places.mapreduce.Context;
import io.places.mapreduce.Job;
import io.places.mapreduce.Mapper;
import io.places.mapreduce.Reducer;
import io.places.mapreduce.text.BytesOutput;
import io.places.mapreduce.text.FixedRecords;
import java.nio.file.Path;
import java.util.Arrays;

/** Sorts records of 100 bytes by their first 10, into parts of which each goes on where the one before ends. */
public final class RecordSort {
  /** Of a record. */
  public static final int LENGTH = 100;

  /** What of it is compared, as unsigned bytes. */
  public static final int KEY_LENGTH = 10;

  private RecordSort() {}

  /** The job. */
  public static Job job(Path input, Path output, int reducers) {
    return Job.named("sort")
        .input(FixedRecords.of(LENGTH, input))
        .map(CutKey.class)
        .ranges()
        .reduce(WriteAll.class)
        .reducers(reducers)
        .output(BytesOutput.to(output));
  }

  /** Parts a record into its key and the rest. */
  public static final class CutKey implements Mapper<Long, byte[], byte[], byte[]> {
    @Override
    public void map(Long offset, byte[] record, Context<byte[], byte[]> context) {
      context.emit(
          Arrays.copyOf(record, KEY_LENGTH), Arrays.copyOfRange(record, KEY_LENGTH, LENGTH));
    }
  }

  /** Writes all as it comes. */
  public static final class WriteAll implements Reducer<byte[], byte[], byte[], byte[]> {
    @Override
    public void reduce(byte[] key, Iterable<byte[]> rests, Context<byte[], byte[]> context) {
      for (byte[] rest : rests) {
        context.emit(key, rest);
      }
    }
  }
}
