package io.places.mapreduce;

import io.places.PlaceInterruptedException;
import io.places.mapreduce.proto.Split;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/*
 * Records go from the reader through all mappers one by one. Where workers keep them, there are two stages: what
 * the pipes before make of the whole split is gathered, or found where an earlier job has left it; then it goes
 * through the other mappers.
 */
/** Runs a job's mapper, and those piped before it, over the records of a split. To be used once. */
final class Mapping<KI, VI, K, V> {
  private final ResolvedJob<KI, VI, K, V, ?, ?> job;
  private final Tally tally;
  private final Progress progress;
  private final List<Mapper<Object, Object, Object, Object>> mappers;

  Mapping(ResolvedJob<KI, VI, K, V, ?, ?> job, Tally tally, Progress progress) {
    this.job = job;
    this.tally = tally;
    this.progress = progress;
    this.mappers = job.mappers();
  }

  /**
   * Maps all records of a split.
   *
   * @param context takes the pairs
   */
  void run(Split split, TaskContext<K, V> context) {
    run(split, () -> false, true, context);
  }

  /** Maps the first records of a split, until there were enough. */
  void run(Split split, BooleanSupplier enough, TaskContext<K, V> context) {
    run(split, enough, false, context);
  }

  private void run(
      Split split, BooleanSupplier enough, boolean whole, TaskContext<K, V> context) {
    if (job.spec().getKeep()) {
      runKept(split, enough, whole, context);
      return;
    }
    through(
        mappers,
        job.facts(),
        context,
        first -> tally.add(TaskCounter.MAP_INPUT_RECORDS, read(split, enough, first)));
  }

  /** Has records go through mappers, one behind the other. */
  private void through(
      List<Mapper<Object, Object, Object, Object>> all,
      JobFacts facts,
      TaskContext<?, ?> last,
      Feeding feeding) {
    Mapper<Object, Object, Object, Object> first = all.getFirst();
    UserCode code = new UserCode("mapper", first);
    new Pipes(all.subList(1, all.size()), facts, tally)
        .<Object, Object>around(
            last,
            emitted ->
                code.around(
                    () -> first.setup(emitted),
                    () -> feeding.into(new Intake(first, code, emitted)),
                    () -> first.cleanup(emitted)));
  }

  /** Puts records in. */
  private interface Feeding {
    void into(Intake first);
  }

  /** A mapper where records go in. */
  private record Intake(
      Mapper<Object, Object, Object, Object> mapper,
      UserCode code,
      TaskContext<Object, Object> emitted) {

    void take(RecordReader<?, ?> reader) {
      Object record = reader.value();
      try {
        mapper.map(reader.key(), record, emitted);
      } catch (Throwable e) { // also a stack that overflows, or a heap: it is that record's
        throw code.failure(
            "on record %s (%s)".formatted(reader.position(), Quoted.of(record)), e);
      }
    }
  }

  /** Answers how many records were read. */
  private long read(Split split, BooleanSupplier enough, Intake first) {
    try (RecordReader<KI, VI> reader = job.input().open(split)) {
      long records = feed(reader, enough, first);
      tally.add(TaskCounter.MAP_INPUT_BYTES, reader.bytesRead());
      return records;
    } catch (ClosedByInterruptException e) {
      throw new PlaceInterruptedException("the task was stopped", e);
    } catch (IOException e) {
      throw new InputException("cannot read the input: " + e, e);
    }
  }

  private long feed(RecordReader<?, ?> reader, BooleanSupplier enough, Intake first)
      throws IOException {
    long bytesBefore = 0;
    long records = 0;
    while (!enough.getAsBoolean() && reader.next()) {
      first.take(reader);
      records++;
      long bytes = reader.bytesRead();
      progress.add(bytes - bytesBefore, 1);
      bytesBefore = bytes;
    }
    progress.add(reader.bytesRead() - bytesBefore, 0);
    return records;
  }

  private void runKept(
      Split split, BooleanSupplier enough, boolean whole, TaskContext<K, V> context) {
    KeptSplits.Key key = KeptSplits.Key.of(job.spec(), split);
    List<RecordEntry> found = job.kept().find(key);
    List<RecordEntry> kept = found != null ? found : make(split, enough);
    if (found == null && whole) {
      job.kept().keep(key, kept);
    }
    long bytes = found == null ? 0 : split.getBytes(); // if they were made here, they are counted already
    through(
        mappers.subList(job.spec().getKeptPipes(), mappers.size()),
        job.facts(),
        context,
        first -> {
          try {
            long records = feed(new KeptReader(kept, bytes), () -> false, first);
            tally.add(TaskCounter.MAP_INPUT_RECORDS, records);
          } catch (IOException e) {
            throw new AssertionError(e); // it reads from memory
          }
        });
  }

  /** What the pipes up to there make of a split. */
  private List<RecordEntry> make(Split split, BooleanSupplier enough) {
    List<RecordEntry> made = new ArrayList<>();
    JobFacts facts = job.facts().withoutSide();
    List<Mapper<Object, Object, Object, Object>> before =
        job.spec().getKeptPipes() == 0
            ? List.of((key, value, emitted) -> emitted.emit(key, value))
            : mappers.subList(0, job.spec().getKeptPipes());
    Gather last = new Gather(facts, tally, made);
    through(before, facts, last, first -> read(split, enough, first));
    return made;
  }

  /** Takes what is kept, as it is then: a mapper may emit one object again and again. */
  private static final class Gather extends TaskContext<Object, Object> {
    private final Copies copies = new Copies();
    private final List<RecordEntry> made;

    Gather(JobFacts facts, Tally tally, List<RecordEntry> made) {
      super(facts, tally);
      this.made = made;
    }

    @Override
    void take(Object key, Object value) {
      made.add(new RecordEntry(copies.of(key), copies.of(value)));
    }
  }
}
