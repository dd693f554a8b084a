package io.places.mapreduce;

import io.places.PlaceInterruptedException;
import io.places.mapreduce.proto.Split;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/** Runs a job's mapper over the records of a split. To be used once. */
final class Mapping<KI, VI, K, V> {
  private final ResolvedJob<KI, VI, K, V, ?, ?> job;
  private final Tally tally;
  private final Progress progress;
  private final Mapper<KI, VI, K, V> mapper;
  private final UserCode code;

  Mapping(ResolvedJob<KI, VI, K, V, ?, ?> job, Tally tally, Progress progress) {
    this.job = job;
    this.tally = tally;
    this.progress = progress;
    this.mapper = job.mapper();
    this.code = new UserCode("mapper", mapper);
  }

  /**
   * Maps the first records of a split, at most so many.
   *
   * @param context takes the pairs
   */
  void run(Split split, long mostRecords, TaskContext<K, V> context) {
    code.around(
        () -> mapper.setup(context),
        () -> mapAll(split, mostRecords, context),
        () -> mapper.cleanup(context));
    context.checkAllTaken();
  }

  private void mapAll(Split split, long mostRecords, TaskContext<K, V> context) {
    try (RecordReader<KI, VI> reader = job.input().open(split)) {
      long bytesBefore = 0;
      for (long records = 0; records < mostRecords && reader.next(); records++) {
        map(reader, context);
        long bytes = reader.bytesRead();
        progress.add(bytes - bytesBefore, 1);
        bytesBefore = bytes;
        tally.add(TaskCounter.MAP_INPUT_RECORDS, 1);
      }
      tally.add(TaskCounter.MAP_INPUT_BYTES, reader.bytesRead());
      progress.add(reader.bytesRead() - bytesBefore, 0);
    } catch (ClosedByInterruptException e) {
      throw new PlaceInterruptedException("the task was stopped", e);
    } catch (IOException e) {
      throw new InputException("cannot read the input: " + e, e);
    }
  }

  private void map(RecordReader<KI, VI> reader, TaskContext<K, V> context) {
    VI record = reader.value();
    try {
      mapper.map(reader.key(), record, context);
    } catch (Exception e) {
      throw code.failure(
          "on record %s (%s)".formatted(reader.position(), Quoted.of(record)), e);
    }
  }
}
