package io.places.examples.divide;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.places.examples.divide.Quickhull.Points;
import io.places.ndp.DivideAndConquer;
import io.places.ndp.Ndp;
import io.places.ndp.NdpGroup;
import io.places.ndp.NdpNodes;
import io.places.ndp.NdpWork;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples, held against others that are simpler. */
@Timeout(value = 2, unit = TimeUnit.MINUTES) // they start JVMs, on a machine that may be busy
class DivideTest {
  private static NdpGroup group;

  private final SplittableRandom random = seeded();

  private static SplittableRandom seeded() {
    long seed = Long.getLong("test.seed", new Random().nextLong());
    System.out.println("test.seed=" + seed);
    return new SplittableRandom(seed);
  }

  @BeforeAll
  @Timeout(value = 2, unit = TimeUnit.MINUTES) // that of the class is for its tests
  static void start() {
    group = NdpGroup.processes(1, DivideTest.class.getPackageName());
  }

  @AfterAll
  static void close() {
    group.close();
  }

  private static <P, R> R solve(
      boolean together, P problem, Class<? extends DivideAndConquer<P, R>> by) {
    return together ? group.solve(problem, by) : Ndp.solve(problem, by);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void queensStandInAsManyWaysAsIsKnown(boolean together) {
    long[] known = {1, 0, 0, 2, 10, 4, 40, 92, 352, 724, 2_680, 14_200, 73_712};
    for (int n = 1; n <= known.length; n++) {
      assertThat(solve(together, Queens.Board.empty(n), Queens.class))
          .as("%d queens", n)
          .isEqualTo(known[n - 1]);
    }
  }

  /** Work of a package that a group does not know. */
  static final class Elsewhere implements NdpWork<Integer, Integer> {
    @Override
    public Integer run(Integer argument, NdpNodes nodes) {
      return argument;
    }
  }

  @Test
  void aClassOfNoPackageOfTheGroupIsRefusedBeforeAnythingBegins() {
    for (int workers = 0; workers < 2; workers++) {
      try (NdpGroup other = NdpGroup.threads(workers, "com.example")) {
        assertThatThrownBy(() -> other.solve(Queens.Board.empty(4), Queens.class))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining(Queens.class.getName())
            .hasMessageContaining("may run: com.example, io.places.ndp; give its package, \"io.places.examples.divide\"");
        other
            .getNode()
            .ifPresent(
                node ->
                    assertThatThrownBy(() -> other.sendWork(node, Elsewhere.class, 1))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining(Elsewhere.class.getName()));
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void thereAreAsManyPrimesAsIsKnown(boolean together) {
    assertThat(solve(together, new Primes.Range(0, 10_000_000), Primes.class)).isEqualTo(664_579);
    for (long n : new long[] {0, 1, 2, 3, 4, 10, 100, 1_000}) {
      long expected =
          IntStream.range(2, (int) n)
              .filter(i -> IntStream.range(2, i).noneMatch(d -> i % d == 0))
              .count();
      assertThat(solve(together, new Primes.Range(0, n), Primes.class)).as("%d", n).isEqualTo(expected);
    }
    long far = 1_000_000_000_000L;
    assertThat(solve(together, new Primes.Range(far, far + 1_000), Primes.class)).isEqualTo(37);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theKthSmallestIsSelected(boolean together) {
    for (int size : new int[] {1, 2, 10, 5_000, 200_000}) {
      for (long bound : new long[] {1, 10, Long.MAX_VALUE}) {
        long[] numbers = random.longs(size, 0, bound).toArray();
        long[] sorted = numbers.clone();
        Arrays.sort(sorted);
        for (int k : new int[] {0, size / 3, size / 2, size - 1}) {
          assertThat(solve(together, new Select.Wanted(numbers, k), Select.class)).isEqualTo(sorted[k]);
        }
      }
    }
    assertThat(Ndp.solve(Select.Wanted.median(new long[] {4, 1, 3, 2}), Select.class)).isEqualTo(2);
    assertThatThrownBy(() -> new Select.Wanted(new long[3], 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("of 3 numbers, the 3-th");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void linesAreMerged(boolean together) {
    List<String> lines =
        random.longs(60_000).mapToObj(each -> Long.toString(each, 36)).toList();
    assertThat(solve(together, new Mergesort.Lines(lines), Mergesort.class).lines())
        .isEqualTo(lines.stream().sorted().toList());
    assertThat(solve(together, new Mergesort.Lines(List.of()), Mergesort.class).lines()).isEmpty();
  }

  @Test
  void theHullIsThatOfAMonotoneChain() {
    double[] angles = random.doubles(50_000, 0, 2 * Math.PI).toArray();
    double[] radii = random.doubles(50_000).map(Math::sqrt).toArray();
    Points inDisc =
        points(i -> radii[i] * Math.cos(angles[i]), i -> radii[i] * Math.sin(angles[i]), 50_000);
    Points onCircle = points(i -> Math.cos(angles[i]), i -> Math.sin(angles[i]), 20_000);
    Points grid = points(i -> i % 20, i -> Math.floorDiv(i, 20), 400);
    Points line = points(i -> i, i -> 2.0 * i, 100);
    for (Points points : List.of(inDisc, onCircle, grid, line)) {
      List<List<Double>> chain = chain(points);
      assertThat(asList(Quickhull.hull(points))).hasSameSizeAs(chain);
      assertThat(Set.copyOf(asList(Quickhull.hull(points)))).isEqualTo(Set.copyOf(chain));
    }
    assertThat(asList(Quickhull.hull(points(i -> 1, i -> 2, 50)))).containsExactly(List.of(1.0, 2.0));
    assertThat(Quickhull.hull(new Points(new double[0], new double[0])).size()).isZero();
  }

  private static Points points(
      IntToDoubleFunction x, IntToDoubleFunction y, int count) {
    return new Points(
        IntStream.range(0, count).mapToDouble(x).toArray(),
        IntStream.range(0, count).mapToDouble(y).toArray());
  }

  private static List<List<Double>> asList(Points points) {
    return IntStream.range(0, points.size())
        .mapToObj(i -> List.of(points.x()[i], points.y()[i]))
        .toList();
  }

  /** Andrew's monotone chain. */
  private static List<List<Double>> chain(Points points) {
    List<List<Double>> sorted =
        asList(points).stream()
            .distinct()
            .sorted((p, q) -> p.get(0).equals(q.get(0)) ? p.get(1).compareTo(q.get(1)) : p.get(0).compareTo(q.get(0)))
            .toList();
    List<List<Double>> hull = new ArrayList<>(half(sorted));
    hull.removeLast();
    List<List<Double>> upper = half(sorted.reversed());
    upper.removeLast();
    hull.addAll(upper);
    return hull;
  }

  private static List<List<Double>> half(List<List<Double>> sorted) {
    List<List<Double>> half = new ArrayList<>();
    for (List<Double> point : sorted) {
      while (half.size() >= 2 && !turnsLeft(half.get(half.size() - 2), half.getLast(), point)) {
        half.removeLast();
      }
      half.add(point);
    }
    return half;
  }

  private static boolean turnsLeft(List<Double> a, List<Double> b, List<Double> c) {
    return (b.get(0) - a.get(0)) * (c.get(1) - a.get(1))
            - (b.get(1) - a.get(1)) * (c.get(0) - a.get(0))
        > 0;
  }

  @Test
  void aMatrixTimesAVectorIsWhatItIsRowByRow() {
    Matrix powerLaw = Matrix.powerLaw(50_000, random.nextLong());
    Matrix oneRow = new Matrix(new int[] {0, 0, 100_000, 100_000}, new int[100_000], new double[100_000]);
    Arrays.fill(oneRow.values(), 0.5);
    for (Matrix matrix : List.of(powerLaw, oneRow)) {
      double[] vector = random.doubles(matrix.starts().length - 1).toArray();
      double[] product = matrix.times(vector);
      double[] expected = matrix.timesSerially(vector);
      for (int row = 0; row < expected.length; row++) {
        assertThat(product[row]).isCloseTo(expected[row], within(1e-9 * (1 + Math.abs(expected[row]))));
      }
    }
  }

  @Test
  void theForcesOfTheTreeAreNearlyThoseOfAllPairs() {
    Bodies bodies = Bodies.galaxy(2_000, random.nextLong());
    Bodies.Forces forces = bodies.forces();
    Bodies.Forces exact = bodies.exactForces();
    double wrong = 0;
    double all = 0;
    for (int i = 0; i < 2_000; i++) {
      wrong += Math.hypot(forces.x()[i] - exact.x()[i], forces.y()[i] - exact.y()[i]);
      all += Math.hypot(exact.x()[i], exact.y()[i]);
    }
    assertThat(wrong / all).isLessThan(1e-2);
  }

  @Test
  void bodiesOnOneSpotEndNoRecursion() {
    Bodies bodies = new Bodies(new double[100], new double[100], new double[100]);
    Arrays.fill(bodies.mass(), 1);
    assertThat(bodies.forces().x()).containsOnly(0.0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void allHitsAreFoundAndThoseThatOverlap(boolean together) {
    byte[] random = new byte[300_000];
    for (int i = 0; i < random.length; i++) {
      random[i] = (byte) ('a' + this.random.nextInt(2));
    }
    byte[] alike = new byte[200_000]; // each position is a hit, across each border of parts
    for (byte[] text : List.of(random, alike, new byte[0], new byte[] {'a'})) {
      for (int length : new int[] {1, 2, 17}) {
        byte[] pattern = text.length < length ? new byte[length] : Arrays.copyOf(text, length);
        assertThat(solve(together, new Search.Wanted(text, pattern), Search.class))
            .isEqualTo(occurrences(text, pattern));
      }
    }
    assertThatThrownBy(() -> new Search.Wanted(alike, new byte[0]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static int[] occurrences(byte[] text, byte[] pattern) {
    return IntStream.rangeClosed(0, text.length - pattern.length)
        .filter(at -> Arrays.equals(text, at, at + pattern.length, pattern, 0, pattern.length))
        .toArray();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void numbersAreCountedByRanges(boolean together) {
    for (int size : new int[] {0, 1, 300_000}) {
      long[] numbers = random.longs(size, -500, 1_500).toArray();
      long[] expected = new long[10];
      for (long number : numbers) {
        if (number >= 0 && number < 1_000) {
          expected[(int) number / 100]++;
        }
      }
      assertThat(solve(together, new Histogram.Counted(numbers, 0, 999, 10), Histogram.class))
          .isEqualTo(expected);
    }
    long[] ends = {Long.MIN_VALUE, Long.MAX_VALUE, 0, 5};
    var all = new Histogram.Counted(ends, Long.MIN_VALUE, Long.MAX_VALUE, 2);
    assertThat(solve(together, all, Histogram.class)).containsExactly(1, 3);
  }

  @Test
  void distancesInAGraphAreThoseOfAQueue() {
    Graph random = Graph.rMat(12, 30_000, this.random.nextLong());
    int[] star = new int[50_001]; // the first vertex has an edge to each other: one giant segment
    Arrays.fill(star, 1, star.length, 49_999);
    Graph oneGiant = new Graph(star, IntStream.range(1, 50_000).toArray());
    Graph path = new Graph(IntStream.rangeClosed(0, 300).map(i -> Math.min(i, 299)).toArray(), IntStream.range(1, 300).toArray());
    Graph alone = new Graph(new int[] {0, 0}, new int[0]);
    for (Graph graph : List.of(random, oneGiant, path, alone)) {
      assertThat(graph.distances(0)).isEqualTo(graph.distancesSerially(0));
    }
    assertThat(path.distances(0)[299]).isEqualTo(299);
    assertThat(oneGiant.distances(1)[0]).isEqualTo(Graph.UNREACHED);
  }
}
