package io.places.ndp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.places.PlaceInterruptedException;
import io.places.Spawner;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Divide and conquer within this JVM. */
class SolveTest {
  @Test
  void aProblemIsSplitSolvedAndCombined() {
    assertThat(Ndp.solve(30, Fibonacci.class)).isEqualTo(832_040);
  }

  /** Sums a range, one element more at each level: as deep as the range is long. */
  static final class Staircase implements DivideAndConquer<Integer, Long> {
    @Override
    public boolean isSmall(Integer height) {
      return height == 0;
    }

    @Override
    public List<Integer> split(Integer height) {
      return List.of(height - 1);
    }

    @Override
    public Long solve(Integer height) {
      return 0L;
    }

    @Override
    public Long combine(Integer height, List<Long> parts) {
      return height + parts.getFirst();
    }

    @Override
    public double work(Integer height) {
      return height;
    }
  }

  @Test
  void depthIsBoundedByMemoryAndNotByTheStack() {
    assertThat(Ndp.solve(300_000, Staircase.class)).isEqualTo(300_000L * 300_001 / 2);
  }

  /** An exception that cannot even tell about itself. */
  static final class Silent extends RuntimeException {
    private static final long serialVersionUID = 1L;

    @Override
    public String getMessage() {
      throw new UnsupportedOperationException("no message");
    }
  }

  /** Throws it at leaf 3 of 8. */
  static final class ThrowsSilent implements DivideAndConquer<List<Integer>, Integer> {
    @Override
    public boolean isSmall(List<Integer> leaves) {
      return leaves.size() == 1;
    }

    @Override
    public List<List<Integer>> split(List<Integer> leaves) {
      int half = leaves.size() / 2;
      return List.of(leaves.subList(0, half), leaves.subList(half, leaves.size()));
    }

    @Override
    public Integer solve(List<Integer> leaf) {
      if (leaf.getFirst() == 3) {
        throw new Silent();
      }
      return 1;
    }

    @Override
    public Integer combine(List<Integer> leaves, List<Integer> parts) {
      return parts.get(0) + parts.get(1);
    }

    @Override
    public double work(List<Integer> leaves) {
      return leaves.size();
    }
  }

  @Test
  void anExceptionThatCannotTellAboutItselfFailsWhatThrewItAndNothingElse() {
    List<Integer> leaves = IntStream.range(0, 8).boxed().toList();
    for (int i = 0; i <= Runtime.getRuntime().availableProcessors(); i++) { // each thread could be lost by one
      assertThatThrownBy(() -> Ndp.solve(leaves, ThrowsSilent.class))
          .isInstanceOf(SubproblemFailedException.class)
          .hasMessageEndingWith(
              "failed on part 0.1.1: %s: (its message throws java.lang.UnsupportedOperationException)"
                  .formatted(Silent.class.getName()))
          .hasCauseInstanceOf(Silent.class);
      assertThatThrownBy(
              () ->
                  Ndp.forEach(
                      List.of(leaves),
                      leaf -> {
                        throw new Silent();
                      }))
          .isInstanceOf(SubproblemFailedException.class);
    }
    assertThat(Ndp.solve(20, Fibonacci.class)).isEqualTo(6_765);
  }

  /** Counts the leaves of a tree that has none. */
  static final class Barren implements DivideAndConquer<Integer, Integer> {
    @Override
    public boolean isSmall(Integer problem) {
      return false;
    }

    @Override
    public List<Integer> split(Integer problem) {
      return problem == 0 ? List.of() : List.of(problem - 1, problem - 1);
    }

    @Override
    public Integer solve(Integer problem) {
      return 1;
    }

    @Override
    public Integer combine(Integer problem, List<Integer> parts) {
      return parts.stream().mapToInt(Integer::intValue).sum();
    }

    @Override
    public double work(Integer problem) {
      return 1;
    }
  }

  @Test
  void aProblemMayHaveNoParts() {
    assertThat(Ndp.solve(0, Barren.class)).isZero();
    assertThat(Ndp.solve(10, Barren.class)).isZero();
  }

  /** Fails on one number; all others wait until they are interrupted. */
  static final class FailsOn implements DivideAndConquer<int[], Integer> {
    private final int bad;
    private final CountDownLatch working = new CountDownLatch(1);
    private final AtomicInteger interrupted = new AtomicInteger();

    FailsOn(int bad) {
      this.bad = bad;
    }

    @Override
    public boolean isSmall(int[] problem) {
      return problem.length == 1;
    }

    @Override
    public List<int[]> split(int[] problem) {
      int middle = problem.length / 2;
      return List.of(
          Arrays.copyOf(problem, middle), Arrays.copyOfRange(problem, middle, problem.length));
    }

    @Override
    public Integer solve(int[] problem) {
      try {
        if (problem[0] != bad) {
          working.countDown();
          new CountDownLatch(1).await();
        }
        working.await();
        throw new IllegalStateException("cannot do " + bad);
      } catch (InterruptedException e) {
        interrupted.incrementAndGet();
        return 0;
      }
    }

    @Override
    public Integer combine(int[] problem, List<Integer> parts) {
      return parts.get(0) + parts.get(1);
    }

    @Override
    public double work(int[] problem) {
      return problem.length;
    }
  }

  @Test
  void aFailureNamesThePartAndInterruptsItsSiblings() {
    try (Pool pool = new Pool(2, Spawner.system())) {
      FailsOn by = new FailsOn(2);
      var whole = new Solving<>(pool, by, null);
      whole.start(new int[] {1, 2});
      assertThatThrownBy(whole::await)
          .isInstanceOfSatisfying(
              SubproblemFailedException.class, e -> assertThat(e.path()).isEqualTo("1"))
          .hasMessageContaining("part 1")
          .hasMessageContaining("cannot do 2")
          .hasRootCauseInstanceOf(IllegalStateException.class);
      while (by.interrupted.get() == 0) { // the test's time limit ends this
        Thread.onSpinWait();
      }
      assertThat(solvedBy(pool)).isEqualTo(55); // its threads are not interrupted any more
    }
  }

  private static long solvedBy(Pool pool) {
    var whole = new Solving<>(pool, new Fibonacci(), null);
    whole.start(10);
    return whole.await();
  }

  /** Its leaves are problems of their own. */
  static final class Outer implements DivideAndConquer<int[], Long> {
    @Override
    public boolean isSmall(int[] levels) {
      return levels.length == 1;
    }

    @Override
    public List<int[]> split(int[] levels) {
      int middle = levels.length / 2;
      return List.of(
          Arrays.copyOf(levels, middle), Arrays.copyOfRange(levels, middle, levels.length));
    }

    @Override
    public Long solve(int[] levels) {
      return levels[0] == 0
          ? Ndp.solve(15, Fibonacci.class)
          : Ndp.solve(new int[] {levels[0] - 1, levels[0] - 1}, Outer.class);
    }

    @Override
    public Long combine(int[] levels, List<Long> parts) {
      return parts.get(0) + parts.get(1);
    }

    @Override
    public double work(int[] levels) {
      return levels.length;
    }
  }

  @Test
  void aSolveInsideASolveInsideASolveNeedsNoMoreThreads() {
    try (Pool pool = new Pool(1, Spawner.system())) {
      var whole = new Solving<>(pool, new Outer(), null);
      whole.start(new int[] {6});
      assertThat(whole.await()).isEqualTo(64 * 610);
    }
  }

  @Test
  void anInterruptEndsIt() throws InterruptedException {
    FailsOn waits = new FailsOn(-1);
    var told = new CountDownLatch(1);
    Thread waiting =
        Thread.ofPlatform()
            .start(
                () ->
                    assertThatThrownBy(() -> Ndp.solve(new int[] {1}, waits))
                        .isInstanceOf(PlaceInterruptedException.class)
                        .satisfies(e -> told.countDown()));
    waits.working.await();
    waiting.interrupt();
    told.await();
    while (waits.interrupted.get() == 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void eachElementOfNestedSequencesIsMappedWhateverTheirLengths() {
    List<Integer> giant = IntStream.range(0, 100_000).boxed().toList();
    List<List<Integer>> nested =
        List.of(List.of(), List.of(7), giant, List.of(), List.of(), List.of(1, 2, 3), List.of());
    List<List<Long>> squares = Ndp.forEach(nested, each -> (long) each * each);
    assertThat(squares).hasSize(7);
    assertThat(squares.get(0)).isEmpty();
    assertThat(squares.get(1)).containsExactly(49L);
    assertThat(squares.get(2)).isEqualTo(giant.stream().map(each -> (long) each * each).toList());
    assertThat(squares.get(5)).containsExactly(1L, 4L, 9L);
    assertThat(Ndp.forEach(List.of(), each -> each)).isEmpty();
    assertThat(Ndp.forEach(List.of(List.of()), each -> each)).containsExactly(List.of());
  }

  @Test
  void elementsThatTakeLongAreSharedOutOneByOneEvenSideBySide() {
    List<Integer> all = IntStream.range(0, 1_000).boxed().toList();
    for (int first : new int[] {0, 17, 499, 998}) {
      try (Pool pool = new Pool(2, Spawner.system())) {
        var both = new CountDownLatch(2);
        List<List<Integer>> results =
            new Nested<Integer, Integer>(
                    pool,
                    List.of(all),
                    each -> {
                      if (each == first || each == first + 1) { // each takes until the other has begun
                        both.countDown();
                        awaited(both);
                      }
                      return each;
                    })
                .apply();
        assertThat(results).containsExactly(all);
      }
    }
  }

  private static void awaited(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted", e);
    }
  }

  @Test
  void numbersAreSharedOutExactlyOnceWhoeverTakesThem() throws InterruptedException {
    for (int members = 1; members <= 5; members++) {
      var times = new AtomicIntegerArray(100_000);
      Ranges ranges = new Ranges(times.length(), members);
      List<Thread> threads =
          IntStream.range(0, members)
              .mapToObj(
                  member ->
                      Thread.ofPlatform()
                          .start(() -> ranges.share(member, () -> false, times::incrementAndGet)))
              .toList();
      for (Thread thread : threads) {
        thread.join();
      }
      assertThat(IntStream.range(0, times.length()).allMatch(i -> times.get(i) == 1)).isTrue();
    }
  }

  @Test
  void anElementThatFailsIsNamedAndTheOthersEndAtOnce() {
    List<List<Integer>> ragged = List.of(List.of(0), List.of(), List.of(1, 2, 3));
    var begun = new ConcurrentSkipListSet<Integer>();
    var working = new CountDownLatch(1);
    var interrupted = new CountDownLatch(1);
    try (Pool pool = new Pool(2, Spawner.system())) {
      var nested =
          new Nested<Integer, Integer>(
              pool,
              ragged,
              each -> {
                begun.add(each);
                try {
                  if (each == 2) { // where the second thread begins
                    working.await();
                    throw new AssertionError("two");
                  }
                  working.countDown();
                  new CountDownLatch(1).await();
                } catch (InterruptedException e) {
                  interrupted.countDown();
                }
                return each;
              });
      assertThatThrownBy(nested::apply)
          .isInstanceOfSatisfying(
              SubproblemFailedException.class, e -> assertThat(e.path()).isEqualTo("2.1"))
          .hasMessageContaining("element 1 of segment 2")
          .hasMessageContaining("two")
          .hasRootCauseInstanceOf(AssertionError.class);
      long failed = System.nanoTime();
      awaited(interrupted);
      assertThat(Duration.ofNanos(System.nanoTime() - failed)).isLessThan(Duration.ofSeconds(1));
      assertThat(begun).containsExactly(0, 2);
      assertThat(solvedBy(pool)).isEqualTo(55);
    }
  }

  @Test
  void anInterruptEndsForEachAndWhatIsSolvedInsideIt() throws InterruptedException {
    FailsOn waits = new FailsOn(-1);
    var told = new CountDownLatch(1);
    Thread waiting =
        Thread.ofPlatform()
            .start(
                () ->
                    assertThatThrownBy(
                            () -> Ndp.forEach(List.of(List.of(1)), each -> Ndp.solve(new int[] {each}, waits)))
                        .isInstanceOf(PlaceInterruptedException.class)
                        .satisfies(e -> told.countDown()));
    waits.working.await();
    waiting.interrupt();
    told.await();
    while (waits.interrupted.get() == 0) { // the test's time limit ends this
      Thread.onSpinWait();
    }
  }

  /** A list whose elements are found one after the other only. */
  @SuppressWarnings("JdkObsolete") // it is what users have
  private static final class Chain extends LinkedList<Integer> {
    private static final long serialVersionUID = 1L;

    Chain(List<Integer> elements) {
      super(elements);
    }

    @Override
    public Integer get(int index) {
      throw new AssertionError("element %d was looked for from an end".formatted(index));
    }
  }

  @Test
  void aLinkedListIsGoneThroughOnce() {
    assertThat(Ndp.forEach(List.of(new Chain(List.of(1, 2, 3))), each -> 2 * each))
        .containsExactly(List.of(2, 4, 6));
  }

  /** Never gets smaller. A class of a user that nobody has checked for nulls may also return none at all. */
  static final class Endless implements DivideAndConquer<Integer, Integer> {
    static final int NULL = -1;

    @Override
    public boolean isSmall(Integer problem) {
      return false;
    }

    @Override
    @SuppressWarnings("NullAway") // on purpose
    public List<Integer> split(Integer problem) {
      if (problem == 20_000) {
        throw new OutOfMemoryError("as if");
      }
      return problem == NULL ? null : List.of(problem == 0 ? 0 : problem + 1);
    }

    @Override
    public Integer solve(Integer problem) {
      return problem;
    }

    @Override
    public Integer combine(Integer problem, List<Integer> parts) {
      return problem;
    }

    @Override
    public double work(Integer problem) {
      return 1;
    }
  }

  @Test
  void splittingWithoutEndFailsInFewWords() {
    assertThatThrownBy(() -> Ndp.solve(0, Endless.class))
        .isInstanceOfSatisfying(
            SubproblemFailedException.class,
            e -> assertThat(e.path()).matches("\\[\\S+ levels\\](\\.0){64}"))
        .hasMessageContaining("levels deep that is still not small: does %s.split".formatted(Endless.class.getName()))
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(1_000));
    assertThatThrownBy(() -> Ndp.solve(1, Endless.class))
        .hasMessageContaining("memory ended at a part")
        .hasMessageContaining("does %s.split".formatted(Endless.class.getName()))
        .hasRootCauseInstanceOf(OutOfMemoryError.class);
    assertThatThrownBy(() -> Ndp.solve(Endless.NULL, Endless.class))
        .hasMessageContaining("%s.split has returned null".formatted(Endless.class.getName()));
  }

  @Test
  void aSolveInsideOfWhatHasFailedSaysThatItWasCancelled() throws Exception {
    FailsOn waits = new FailsOn(-1);
    var told = new CompletableFuture<Throwable>();
    try (Pool pool = new Pool(2, Spawner.system())) {
      var nested =
          new Nested<Integer, Integer>(
              pool,
              List.of(List.of(0, 1)),
              each -> {
                if (each == 0) {
                  awaited(waits.working);
                  throw new IllegalStateException("zero");
                }
                try {
                  return Ndp.solve(new int[] {each}, waits);
                } catch (Throwable e) { // looked at below
                  told.complete(e);
                  throw e;
                }
              });
      assertThatThrownBy(nested::apply).hasMessageContaining("zero");
      assertThat(told.get())
          .isInstanceOf(CancellationException.class)
          .hasMessage("solving by %s was cancelled: what is around it is over".formatted(FailsOn.class.getName()));
    }
  }

  /** Returns null instead of something. */
  static final class Nulls implements DivideAndConquer<String, String> {
    @Override
    public boolean isSmall(String what) {
      return what.equals("solve");
    }

    @Override
    @SuppressWarnings("NullAway") // on purpose
    public List<String> split(String what) {
      return what.equals("part") ? Arrays.asList("solve", null) : List.of();
    }

    @Override
    @SuppressWarnings("NullAway") // on purpose
    public String solve(String what) {
      return null;
    }

    @Override
    @SuppressWarnings("NullAway") // on purpose
    public String combine(String what, List<String> parts) {
      return null;
    }

    @Override
    public double work(String what) {
      return 1;
    }
  }

  @Test
  void nullIsNoResultAndNoPartWhereverItComesAbout() {
    Map<String, String> said =
        Map.of(
            "solve", "solve has returned null",
            "combine", "combine has returned null",
            "part", "split has returned null as part 1");
    said.forEach(
        (problem, message) ->
            assertThatThrownBy(() -> Ndp.solve(problem, Nulls.class))
                .isInstanceOf(SubproblemFailedException.class)
                .hasMessageContaining("%s.%s".formatted(Nulls.class.getName(), message)));
  }

  @Test
  @SuppressWarnings("NullAway") // on purpose
  void nullArgumentsOfForEachAreNamed() {
    assertThatThrownBy(() -> Ndp.forEach(List.of(), null)).hasMessage("forEach: there is no function");
    assertThatThrownBy(() -> Ndp.forEach(Arrays.asList(List.of(1), null), each -> each))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("forEach: segment 1, counted from 0, is null");
  }

  @Test
  void segmentsAreAddedUpWhereverTheyBegin() {
    SplittableRandom random = Inputs.random();
    double[] elements = random.doubles(300_000).toArray();
    int[][] shapes = {
      {0},
      {0, 0},
      {0, 0, 300_000, 300_000},
      {0, 1, 1, 32_767, 32_768, 32_768, 32_769, 65_536, 65_536, 299_999, 300_000},
      IntStream.rangeClosed(0, 300_000).toArray(),
      IntStream.rangeClosed(0, 30_000).map(i -> 10 * i).toArray()
    };
    for (int[] starts : shapes) {
      double[] sums = Ndp.sums(starts, i -> elements[i]);
      assertThat(sums).hasSize(starts.length - 1);
      for (int i = 0; i < sums.length; i++) {
        double expected = Arrays.stream(elements, starts[i], starts[i + 1]).sum();
        assertThat(sums[i]).isCloseTo(expected, within(1e-9 * (1 + expected)));
      }
      assertThat(new Sums(starts, i -> elements[i]).add(Crew.ALONE)).isEqualTo(sums);
    }
  }

  @Test
  void startsThatDescendAreRefused() {
    assertThatThrownBy(() -> Ndp.sums(new int[] {0, 3, 2}, i -> 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("start 2 is 2, after 3: starts ascend");
    assertThatThrownBy(() -> Ndp.sums(new int[] {}, i -> 1)).hasMessageContaining("no starts");
    assertThatThrownBy(() -> Ndp.sums(new int[] {1}, i -> 1)).hasMessageContaining("is 1, not 0");
  }

  @Test
  void aLambdaOrALocalClassIsRefused() {
    class Local extends Identity {}
    assertThatThrownBy(() -> Ndp.solve(1, Local.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("declared within a method");
  }

  /** Finds every problem small. */
  static class Identity implements DivideAndConquer<Integer, Integer> {
    @Override
    public boolean isSmall(Integer problem) {
      return true;
    }

    @Override
    public List<Integer> split(Integer problem) {
      return List.of();
    }

    @Override
    public Integer solve(Integer problem) {
      return problem;
    }

    @Override
    public Integer combine(Integer problem, List<Integer> parts) {
      return problem;
    }

    @Override
    public double work(Integer problem) {
      return 1;
    }
  }
}
