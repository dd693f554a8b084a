package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.PlacesException;
import io.places.mapreduce.proto.Split;
import io.places.mapreduce.text.TextOutput;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a task does that has too little memory for its output. */
class SpillTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void mapOutputThatDoesNotFitIsReadBackFromFiles(boolean combine) throws IOException {
    Path input = Texts.make(folder.resolve("in"));
    Path temporary = Files.createDirectory(folder.resolve("temporary"));
    Job.Mapped<String, Long> mapped = Words.mapped(input);
    ResolvedJob<?, ?, ?, ?, ?, ?> job =
        resolve((combine ? mapped.combine(Words.Sum.class) : mapped).reduce(Words.Total.class));
    Split split = job.input().splits(1).getFirst();

    try (MapOutput spilled = job.mapTask(Memory.none(temporary, 1 << 16), l()).run(split);
        MapOutput kept = job.mapTask(Memory.ample(), l()).run(split)) {
      assertThat(spilled.runs().getFirst()).hasSizeGreaterThan(3).allMatch(SpilledRun.class::isInstance);
      assertThat(spilled.counters().get(TaskCounter.SPILLED_BYTES))
          .isEqualTo(spilled.runs().getFirst().stream().mapToLong(Run::bytes).sum())
          .isPositive();
      assertThat(kept.counters().get(TaskCounter.SPILLED_BYTES)).isZero();
      assertThat(counts(spilled, job)).isEqualTo(counts(kept, job)).isEqualTo(Texts.counts(input));
      assertThat(Parts.names(temporary)).isEmpty(); // the file is open, and has no name
    }
  }

  @Test
  void aBudgetIsSharedAndGivenBack() {
    var budget = new MemoryBudget(100);
    RunStore first = new RunStore(budget, folder);
    RunStore second = new RunStore(budget, folder);

    assertThat(first.takeMemory(60)).isTrue();
    assertThat(second.takeMemory(60)).isFalse();
    first.giveMemory(20);
    assertThat(second.takeMemory(60)).isTrue();
    first.close();
    first.close();
    assertThat(budget.take(41)).isFalse();
    assertThat(budget.take(40)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 10, 50})
  void anyNumberOfRunsIsMergedAFewAtATime(int count) throws IOException {
    List<MergedRuns.Named> runs = new ArrayList<>();
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<Pair> pairs = List.of(new Pair("a" + i % 7, "v"), new Pair("b" + i, "v"));
      pairs.forEach(pair -> expected.add(pair.key()));
      runs.add(new MergedRuns.Named(Pair.run(pairs), "number " + i));
    }
    expected.sort(null);
    ResolvedJob<?, ?, ?, ?, ?, ?> job =
        resolve(Words.mapped(folder).reduce(Words.Total.class));

    try (MergedRuns merged = MergedRuns.of(runs, job, folder, 3)) {
      assertThat(Pair.all(merged)).extracting(Pair::key).isEqualTo(expected);
      assertThat(Parts.names(folder)).isEmpty();
    }
  }

  @Test
  void theRunsOfATaskWhoseOutputWasDroppedCanNoLongerBeRead() {
    SpillFile file = SpillFile.create(folder);
    file.append(new byte[] {1, 2, 3});
    assertThat(file.read(1, 2)).containsExactly(2, 3);
    file.close();

    assertThatThrownBy(() -> file.read(1, 2))
        .isInstanceOf(PlacesException.class)
        .hasMessageStartingWith("cannot read a temporary file in " + folder + ", at byte 1 of it:");
  }

  @Test
  void anInterruptDoesNotTakeTheFileFromOthers() {
    try (SpillFile file = SpillFile.create(folder)) {
      Thread.currentThread().interrupt();
      file.append(new byte[] {1});
      assertThat(Thread.interrupted()).isTrue();
      assertThat(file.read(0, 1)).containsExactly(1);
    }
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFullDiskIsSaidToBeFull() throws IOException {
    try (SpillFile full =
        new SpillFile(folder, folder.resolve("x"), new RandomAccessFile("/dev/full", "rw"))) {
      assertThatThrownBy(() -> full.append(new byte[1]))
          .isInstanceOf(PlacesException.class)
          .hasMessage(
              "cannot write a temporary file in "
                  + folder
                  + ", at byte 0 of it: No space left on device; if there is no room, make some, or"
                  + " give the workers another folder or more memory by WorkerOptions");
    }
  }

  @Test
  void aFolderThatIsMissingIsNamed() {
    assertThatThrownBy(() -> SpillFile.create(folder.resolve("missing")))
        .isInstanceOf(PlacesException.class)
        .hasMessageContaining("cannot make a temporary file in " + folder.resolve("missing"));
  }

  @Test
  void aTaskThatCannotSpillBlamesTheFolderAndNotTheRecord() throws IOException {
    Path missing = folder.resolve("missing");
    ResolvedJob<?, ?, ?, ?, ?, ?> job =
        resolve(Words.mapped(Texts.make(folder.resolve("in"))).reduce(Words.Total.class));
    Split split = job.input().splits(1).getFirst();

    assertThatThrownBy(() -> job.mapTask(Memory.none(missing, 1 << 12), l()).run(split))
        .isInstanceOf(PlacesException.class)
        .hasMessageMatching(
            "cannot make a temporary file in "
                + missing
                + ", at byte 0 of it: .*NoSuchFileException.*; if there is no room, make some, or"
                + " give the workers another folder or more memory by WorkerOptions");
  }

  private static TaskListener l() {
    return TaskListener.NONE;
  }

  private ResolvedJob<?, ?, ?, ?, ?, ?> resolve(Job.Reduced<String, Long> reduced) {
    return ResolvedJob.of(
        reduced.output(TextOutput.to(folder.resolve("out"))).spec(), ClassPath.CLASSES);
  }

  /** Adds up what is in the only partition of a map output. */
  private Map<String, Long> counts(MapOutput output, ResolvedJob<?, ?, ?, ?, ?, ?> job) {
    List<Run> runs = output.runs().getFirst();
    List<MergedRuns.Named> named =
        IntStream.range(0, runs.size())
            .mapToObj(i -> new MergedRuns.Named(runs.get(i), "number " + i))
            .toList();
    Map<String, Long> counts = new TreeMap<>();
    try (MergedRuns merged = MergedRuns.of(named, job, folder, 2)) {
      sum(job, merged, counts);
    }
    return counts;
  }

  private static <K, V> void sum(
      ResolvedJob<?, ?, K, V, ?, ?> job, EntryCursor pairs, Map<String, Long> counts) {
    Groups<K, V> groups = new Groups<>(pairs, job.keyType(), job.valueType());
    while (groups.nextGroup()) {
      while (groups.hasValue()) {
        counts.merge((String) groups.key(), (Long) groups.nextValue(), Long::sum);
      }
    }
  }
}
