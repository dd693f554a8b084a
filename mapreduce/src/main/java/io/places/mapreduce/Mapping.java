package io.places.mapreduce;

import io.places.PlaceInterruptedException;
import io.places.mapreduce.proto.Split;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;

/** Runs a job's mapper, and those piped before it, over the records of a split. To be used once. */
final class Mapping<KI, VI, K, V> {
  private final ResolvedJob<KI, VI, K, V, ?, ?> job;
  private final Tally tally;
  private final Progress progress;
  private final Mapper<KI, VI, Object, Object> first;
  private final Pipes others;
  private final UserCode code;

  Mapping(ResolvedJob<KI, VI, K, V, ?, ?> job, Tally tally, Progress progress) {
    this.job = job;
    this.tally = tally;
    this.progress = progress;
    List<Mapper<Object, Object, Object, Object>> mappers = job.mappers();
    this.first = first(mappers);
    this.others = new Pipes(mappers.subList(1, mappers.size()), job.facts(), tally);
    this.code = new UserCode("mapper", first);
  }

  /**
   * Maps the first records of a split, at most so many.
   *
   * @param context takes the pairs
   */
  void run(Split split, long mostRecords, TaskContext<K, V> context) {
    others.<Object, Object>around(context, emitted -> runFirst(split, mostRecords, emitted));
  }

  private void runFirst(Split split, long mostRecords, TaskContext<Object, Object> emitted) {
    code.around(
        () -> first.setup(emitted),
        () -> mapAll(split, mostRecords, emitted),
        () -> first.cleanup(emitted));
  }

  private void mapAll(Split split, long mostRecords, TaskContext<Object, Object> context) {
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

  private void map(RecordReader<KI, VI> reader, TaskContext<Object, Object> context) {
    VI record = reader.value();
    try {
      first.map(reader.key(), record, context);
    } catch (Exception e) {
      throw code.failure(
          "on record %s (%s)".formatted(reader.position(), Quoted.of(record)), e);
    }
  }

  @SuppressWarnings("unchecked") // the first reads what the input gives: see ResolvedJob
  private static <KI, VI> Mapper<KI, VI, Object, Object> first(
      List<Mapper<Object, Object, Object, Object>> mappers) {
    return (Mapper<KI, VI, Object, Object>) (Mapper<?, ?, ?, ?>) mappers.getFirst();
  }
}
