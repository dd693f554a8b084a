package io.places.ndp;

import io.places.Spawner;
import io.places.launch.Hosts;
import io.places.place.UserClasses;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.IntToDoubleFunction;

/**
 * Nested data parallelism within this JVM, by as many threads as it has cores; {@link NdpGroup} adds other
 * processes.
 *
 * {@snippet :
 * long value = Ndp.solve(40, Fibonacci.class);
 * List<List<Integer>> lengths = Ndp.forEach(words, String::length);
 * Ndp.sort(numbers);
 * }
 *
 * <p>All of it can be nested: what runs on one of the threads can call any of it, and works on itself while it
 * waits. Interrupts end a solve and a {@code forEach}; a sort is finished first.
 *
 * <p>Safe for use by many threads, which share the cores.
 */
public final class Ndp {
  private static final String NO_ARRAY = "there is no array to sort";

  private Ndp() {}

  /** The threads, started when they are first wanted. */
  private static final class Shared {
    static final Pool POOL =
        new Pool(Runtime.getRuntime().availableProcessors(), Spawner.system());
  }

  private static Pool pool() {
    Pool current = Pool.current();
    return current == null ? Shared.POOL : current;
  }

  /**
   * Solves a problem.
   *
   * @throws java.util.concurrent.CancellationException if this is inside of another solve, which has failed or was
   *     cancelled
   * @throws SubproblemFailedException if the class has thrown, or returned null; its other parts are then cancelled
   * @throws io.places.PlaceInterruptedException if the thread is interrupted; all parts are then cancelled
   */
  public static <P, R> R solve(P problem, Class<? extends DivideAndConquer<P, R>> by) {
    return solve(problem, create(by));
  }

  /** As {@link #solve(Object, Class)}, by an object, which may know things that no class does. */
  public static <P, R> R solve(P problem, DivideAndConquer<P, R> by) {
    Objects.requireNonNull(problem, "there is no problem to solve");
    Objects.requireNonNull(by, "there is nothing to solve by");
    var whole = new Solving<>(pool(), by, null);
    whole.start(problem);
    return whole.await();
  }

  /** Threads for a sort: as many, or all. */
  static Crew crew(int threads) {
    return threads == 1 ? Crew.ALONE : Crew.of(pool());
  }

  static <P, R> DivideAndConquer<P, R> create(Class<? extends DivideAndConquer<P, R>> by) {
    UserClasses.name("way to divide and conquer", by);
    return UserClasses.create(by);
  }

  /**
   * Applies a function to each element of each segment. The work is shared out by elements, not by segments, down to
   * single ones: segments may be of any lengths, and elements that take long may lie side by side.
   *
   * @param function called by many threads, in any order
   * @return the results in the shape of the segments
   * @throws SubproblemFailedException if the function has thrown: {@link SubproblemFailedException#path} is "2.17" for element
   *     17 of segment 2, both counted from 0. Elements at work are then interrupted, and no others are begun
   * @throws io.places.PlaceInterruptedException if the thread is interrupted; likewise
   */
  public static <T, R> List<List<R>> forEach(
      List<? extends List<? extends T>> segments, Function<? super T, ? extends R> function) {
    return new Nested<T, R>(pool(), segments, function).apply();
  }

  /**
   * Adds the elements of each segment up. The work is shared out by elements, not by segments. An element that makes the
   * sum of its segment is added in the same order whatever the number of threads, so the result is the same, bit for
   * bit. An interrupt is left for later, as by the sorts.
   *
   * @param starts of the segments among the elements, ascending from 0; the last is the number of elements: there is one
   *     segment less than there are starts
   * @param element gives an element; called by many threads, in any order, once for each
   * @throws IllegalArgumentException if the starts do not begin with 0, or descend
   * @throws RuntimeException what {@code element} throws, as it is: the path of an element is its number, which it was given
   */
  public static double[] sums(int[] starts, IntToDoubleFunction element) {
    return new Sums(starts, element).add(Crew.of(pool()));
  }

  /**
   * The dissertation's quicksort as its user sees it: starts workers in processes of this machine, sorts with them, and
   * ends them. Who sorts more than once keeps a group, and uses {@link NdpGroup#qsort}.
   *
   * @return the numbers, ascending; the array is left as it is
   * @throws io.places.LaunchException if a worker does not come up
   */
  public static long[] qsort(long[] numbers, int workers) {
    Objects.requireNonNull(numbers, NO_ARRAY);
    try (NdpGroup group = NdpGroup.processes(workers)) {
      return sorted(numbers, group);
    }
  }

  /** As {@link #qsort(long[], int)}, with workers on hosts. */
  public static long[] qsort(long[] numbers, Hosts hosts) {
    Objects.requireNonNull(numbers, NO_ARRAY);
    try (NdpGroup group = NdpGroup.launch(hosts)) {
      return sorted(numbers, group);
    }
  }

  private static long[] sorted(long[] numbers, NdpGroup group) {
    long[] sorted = numbers.clone();
    group.qsort(sorted);
    return sorted;
  }

  /** Sorts numbers, ascending. Takes memory for as many again. */
  public static void sort(long[] array) {
    Objects.requireNonNull(array, NO_ARRAY);
    LongSort.sort(array, 0, array.length, Crew.of(pool()));
  }

  /** Sorts numbers, ascending. Takes memory for four times as many. */
  public static void sort(int[] array) {
    Objects.requireNonNull(array, NO_ARRAY);
    Numbers.sort(array, Crew.of(pool()));
  }

  /** Sorts numbers as {@link java.util.Arrays#sort(double[])} does: -0.0 before 0.0, NaN last. Takes memory for twice as many. */
  public static void sort(double[] array) {
    Objects.requireNonNull(array, NO_ARRAY);
    Numbers.sort(array, Crew.of(pool()));
  }

  /**
   * Sorts objects, stably.
   *
   * @param order never null, whatever the size: {@link Comparator#naturalOrder()} is that of the objects themselves
   */
  public static <T> void sort(T[] array, Comparator<? super T> order) {
    Objects.requireNonNull(order, "there is no order to sort by; Comparator.naturalOrder() is that of the objects");
    Objects.requireNonNull(array, NO_ARRAY);
    SampleSort.sort(array, order, Crew.of(pool()));
  }
}
