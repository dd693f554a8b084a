package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.places.PlaceInterruptedException;
import io.places.launch.Hosts;
import io.places.launch.Launch;
import io.places.node.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Map-reduce as the dissertation has it, with its own word count. */
class ListFormTest {
  private static final String PACKAGE = ListFormTest.class.getPackageName();

  @TempDir private Path folder;

  // The listing of the dissertation: files of one word a line; a task is a number and the name of a file.

  static final class WordMapper implements ListMapper<Integer, String, String, Long> {
    @Override
    public List<KeyValue<String, Long>> map(List<KeyValue<Integer, String>> kvs)
        throws IOException {
      List<KeyValue<String, Long>> result = new ArrayList<>();
      for (String line : Files.readAllLines(Path.of(kvs.getFirst().value()))) {
        result.add(new KeyValue<>(line, 1L));
      }
      return result;
    }
  }

  static final class WordReducer implements ListReducer<String, Long> {
    @Override
    public List<KeyValue<String, List<Long>>> reduce(List<KeyValue<String, List<Long>>> kvs) {
      return kvs.stream()
          .map(
              kv ->
                  new KeyValue<>(
                      kv.key(), List.of(kv.value().stream().mapToLong(Long::longValue).sum())))
          .toList();
    }
  }

  static final class CountingOutputer implements Outputer<String, Long, Long> {
    static final AtomicInteger CALLS = new AtomicInteger();

    @Override
    public Long output(List<KeyValue<String, List<Long>>> kvs) {
      CALLS.incrementAndGet();
      return kvs.stream().mapToLong(kv -> kv.value().getFirst()).sum();
    }
  }

  private final Map<String, Long> expected = new TreeMap<>();

  private List<List<KeyValue<Integer, String>>> tasks(int count) throws IOException {
    Random random = Seeds.random();
    List<List<KeyValue<Integer, String>>> tasks = new ArrayList<>();
    for (int task = 0; task < count; task++) {
      List<String> words = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        words.add("w" + random.nextInt(500));
      }
      words.forEach(word -> expected.merge(word, 1L, Long::sum));
      Path file = Files.write(folder.resolve("w" + task), words);
      tasks.add(List.of(new KeyValue<>(task, file.toString())));
    }
    return tasks;
  }

  private static Map<String, Long> counts(List<KeyValue<String, List<Long>>> list) {
    assertThat(list.stream().map(KeyValue::key)).isSorted();
    Map<String, Long> counts = new TreeMap<>();
    for (KeyValue<String, List<Long>> kv : list) {
      assertThat(kv.value()).hasSize(1);
      counts.put(kv.key(), kv.value().getFirst());
    }
    assertThat(counts).hasSize(list.size());
    return counts;
  }

  private static MapReduceWorkers workers(int count) {
    return MapReduceWorkers.makeMapReduceWorkers(Hosts.of(count, Node.inThisJvm()), PACKAGE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void theWordCountOfTheListingIsRightWithAnyNumberOfTasks(int count) throws IOException {
    try (MapReduceWorkers workers = workers(count)) {
      for (int number : List.of(1, 2, 5, 8)) {
        expected.clear();
        var tasks = tasks(number);
        assertThat(counts(workers.mapReduce(tasks, WordMapper.class, WordReducer.class)))
            .isEqualTo(expected);
      }
    }
  }

  @Test
  void theOutputerIsCalledOnceOnTheResult() throws IOException {
    CountingOutputer.CALLS.set(0);
    try (MapReduceWorkers workers = workers(2)) {
      long words =
          workers.mapReduce(tasks(3), WordMapper.class, WordReducer.class, CountingOutputer.class);
      assertThat(words).isEqualTo(6_000);
      assertThat(CountingOutputer.CALLS).hasValue(1);
      assertThat(workers.mapReduce(List.of(), WordMapper.class, WordReducer.class)).isEmpty();
    }
  }

  /** Ends its process the first time. */
  static final class DeadlyReducer implements ListReducer<String, Long> {
    @Override
    public List<KeyValue<String, List<Long>>> reduce(List<KeyValue<String, List<Long>>> kvs) {
      boolean merging = kvs.stream().anyMatch(kv -> kv.value().stream().anyMatch(n -> n > 1));
      if (merging && first(System.getProperty("list.form.mark"))) {
        Runtime.getRuntime().halt(9);
      }
      return new WordReducer().reduce(kvs);
    }

    private static boolean first(String mark) {
      try {
        Files.createFile(Path.of(mark));
        return true;
      } catch (FileAlreadyExistsException e) {
        return false;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Test
  void whatALostProcessHeldIsMappedAgain() throws IOException {
    var hosts =
        Hosts.of(
            2, Launch.process().jvmOption("-Dlist.form.mark=" + folder.resolve("mark")));
    try (MapReduceWorkers workers = MapReduceWorkers.makeMapReduceWorkers(hosts, PACKAGE)) {
      assertThat(counts(workers.mapReduce(tasks(4), WordMapper.class, DeadlyReducer.class)))
          .isEqualTo(expected);
      assertThat(folder.resolve("mark")).exists();
      assertThat(counts(workers.mapReduce(tasks(0), WordMapper.class, WordReducer.class)))
          .as("the group goes on")
          .isEmpty();
    }
  }

  static final class FailingMapper implements ListMapper<Integer, String, String, Long> {
    static final AtomicInteger CALLS = new AtomicInteger();

    @Override
    public List<KeyValue<String, Long>> map(List<KeyValue<Integer, String>> kvs) {
      CALLS.incrementAndGet();
      throw new IllegalStateException("no luck with " + kvs.getFirst().value());
    }
  }

  @Test
  void aMapperThatAlwaysThrowsFailsTheCallAfterFourAttemptsAndTheGroupGoesOn()
      throws IOException {
    FailingMapper.CALLS.set(0);
    try (MapReduceWorkers workers = workers(2)) {
      List<List<KeyValue<Integer, String>>> bad = List.of(List.of(new KeyValue<>(0, "it")));
      assertThatThrownBy(() -> workers.mapReduce(bad, FailingMapper.class, WordReducer.class))
          .isInstanceOf(JobFailedException.class)
          .hasMessageContaining("task 0 of 1 failed 4 times, the last time on node node-")
          .hasMessageContaining("FailingMapper failed: java.lang.IllegalStateException: no luck with it");
      assertThat(FailingMapper.CALLS).hasValue(4);
      assertThat(counts(workers.mapReduce(tasks(4), WordMapper.class, WordReducer.class)))
          .isEqualTo(expected);
    }
  }

  static final class MapperWithAnError implements ListMapper<Integer, String, String, Long> {
    @Override
    public List<KeyValue<String, Long>> map(List<KeyValue<Integer, String>> kvs) {
      throw new AssertionError("no luck");
    }
  }

  static final class MapperThatThrowsAnInterrupt implements ListMapper<Integer, String, String, Long> {
    @Override
    public List<KeyValue<String, Long>> map(List<KeyValue<Integer, String>> kvs)
        throws InterruptedException {
      throw new InterruptedException("no luck");
    }
  }

  @ParameterizedTest
  @ValueSource(classes = {MapperWithAnError.class, MapperThatThrowsAnInterrupt.class})
  void aMapperThatThrowsWhateverItIsCostsNoWorker(
      Class<? extends ListMapper<Integer, String, String, Long>> mapper) throws IOException {
    try (MapReduceWorkers workers = workers(2)) {
      List<List<KeyValue<Integer, String>>> bad = List.of(List.of(new KeyValue<>(0, "it")));
      assertThatThrownBy(() -> workers.mapReduce(bad, mapper, WordReducer.class))
          .isInstanceOf(JobFailedException.class)
          .hasMessageContaining("task 0 of 1 failed 4 times, the last time on node node-")
          .hasMessageContaining("mapper " + mapper.getName() + " failed: java.lang.")
          .hasMessageContaining(": no luck");
      assertThat(counts(workers.mapReduce(tasks(4), WordMapper.class, WordReducer.class)))
          .isEqualTo(expected);
    }
  }

  /** Does not come back by itself. */
  static final class StuckMapper implements ListMapper<Integer, String, String, Long> {
    static final CountDownLatch STARTED = new CountDownLatch(2);

    @Override
    public List<KeyValue<String, Long>> map(List<KeyValue<Integer, String>> kvs)
        throws InterruptedException {
      STARTED.countDown();
      new CountDownLatch(1).await();
      return List.of();
    }
  }

  @Test
  @Timeout(20)
  void aCallWhoseThreadWasInterruptedHoldsUpNoLaterOne() throws Exception {
    try (MapReduceWorkers workers = workers(2)) {
      var tasks = tasks(4);
      FutureTask<Throwable> call =
          new FutureTask<>(
              () ->
                  catchThrowable(
                      () -> workers.mapReduce(tasks, StuckMapper.class, WordReducer.class)));
      Thread caller = Thread.startVirtualThread(call);
      StuckMapper.STARTED.await();
      caller.interrupt();

      assertThat(call.get()).isInstanceOf(PlaceInterruptedException.class);
      assertThat(counts(workers.mapReduce(tasks, WordMapper.class, WordReducer.class)))
          .isEqualTo(expected);
    }
  }

  static final class ReducerWithAnError implements ListReducer<String, Long> {
    @Override
    public List<KeyValue<String, List<Long>>> reduce(List<KeyValue<String, List<Long>>> kvs) {
      throw new AssertionError("no luck");
    }
  }

  /** Leaves the flag set that says that it was interrupted. */
  static final class InterruptedReducer implements ListReducer<String, Long> {
    @Override
    public List<KeyValue<String, List<Long>>> reduce(List<KeyValue<String, List<Long>>> kvs) {
      Thread.currentThread().interrupt();
      return new WordReducer().reduce(kvs);
    }
  }

  @Test
  void aReducerThatThrowsAnErrorOrInterruptsItselfCostsNoWorker() throws IOException {
    try (MapReduceWorkers workers = workers(2)) {
      var tasks = tasks(4);
      assertThatThrownBy(() -> workers.mapReduce(tasks, WordMapper.class, ReducerWithAnError.class))
          .isInstanceOf(JobFailedException.class)
          .hasMessageContaining("failed 4 times, the last time on node node-")
          .hasMessageContaining("ReducerWithAnError failed: java.lang.AssertionError: no luck");
      assertThat(counts(workers.mapReduce(tasks, WordMapper.class, InterruptedReducer.class)))
          .isEqualTo(expected);
    }
  }

  static final class Lengths implements ListMapper<Integer, String, Integer, List<String>> {
    @Override
    public List<KeyValue<Integer, List<String>>> map(List<KeyValue<Integer, String>> kvs) {
      return kvs.stream()
          .map(kv -> new KeyValue<>(kv.value().length(), List.of(kv.value())))
          .toList();
    }
  }

  static final class Join implements ListReducer<Integer, List<String>> {
    @Override
    public List<KeyValue<Integer, List<List<String>>>> reduce(
        List<KeyValue<Integer, List<List<String>>>> kvs) {
      List<KeyValue<Integer, List<List<String>>>> joined = new ArrayList<>();
      for (var kv : kvs) {
        List<String> all = new ArrayList<>();
        kv.value().forEach(all::addAll);
        all.sort(null);
        joined.add(new KeyValue<>(kv.key(), List.of(all)));
      }
      return joined;
    }
  }

  @Test
  void keysAndValuesMayBeOfOtherTypesAndATaskOfSeveralPairs() {
    List<List<KeyValue<Integer, String>>> tasks = new ArrayList<>();
    for (String words : List.of("a bb cc", "ddd e", "ff")) {
      tasks.add(Arrays.stream(words.split(" ")).map(word -> new KeyValue<>(0, word)).toList());
    }
    try (MapReduceWorkers workers = workers(2)) {
      assertThat(workers.mapReduce(tasks, Lengths.class, Join.class))
          .containsExactly(
              new KeyValue<>(1, List.of(List.of("a", "e"))),
              new KeyValue<>(2, List.of(List.of("bb", "cc", "ff"))),
              new KeyValue<>(3, List.of(List.of("ddd"))));
    }
  }

  static final class TaskItself implements ListMapper<Integer, String, String, String> {
    @Override
    public List<KeyValue<String, String>> map(List<KeyValue<Integer, String>> kvs) {
      return List.of(new KeyValue<>("tree", kvs.getFirst().value()));
    }
  }

  /** Of one value makes nothing else, of two a pair in brackets. */
  static final class Bracket implements ListReducer<String, String> {
    @Override
    public List<KeyValue<String, List<String>>> reduce(List<KeyValue<String, List<String>>> kvs) {
      List<String> values = kvs.getFirst().value();
      String all = String.join(" ", values);
      return List.of(new KeyValue<>("tree", List.of(values.size() == 1 ? all : "(" + all + ")")));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void whatTheTasksGiveIsReducedTwoByTwoInATree(int count) {
    List<List<KeyValue<Integer, String>>> tasks = new ArrayList<>();
    for (int task = 0; task < 9; task++) {
      tasks.add(List.of(new KeyValue<>(task, "t" + task)));
    }
    String tree;
    try (MapReduceWorkers workers = workers(count)) {
      tree = workers.mapReduce(tasks, TaskItself.class, Bracket.class).getFirst().value().getFirst();
    }

    assertThat(Pattern.compile("t\\d").matcher(tree).results().map(MatchResult::group))
        .as(tree)
        .containsExactlyInAnyOrder("t0", "t1", "t2", "t3", "t4", "t5", "t6", "t7", "t8");
    String left = tree;
    for (int pairs = 1; pairs < tasks.size(); pairs++) { // from the leaves: each pair becomes a leaf
      left = left.replaceFirst("\\(t\\d? t\\d?\\)", "t");
    }
    assertThat(left).as(tree).matches("t");
  }

  static final class Open<K> implements ListMapper<Integer, String, K, Long> {
    @Override
    public List<KeyValue<K, Long>> map(List<KeyValue<Integer, String>> kvs) {
      return List.of();
    }
  }

  @Test
  void typesLeftOpenAreRefused() {
    assertThatThrownBy(() -> GroupList.of(Open.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("leaves K open");
  }
}
