package io.places.place;

import io.places.GetTimeoutException;
import io.places.PlaceFailedException;
import java.time.Duration;
import java.util.List;

/**
 * Fork and join: the same body in several places at once, which share a range of work, meet at barriers,
 * and give their results in the order of ranks.
 *
 * <pre>{@code
 * static Long sumOfSquares(GroupMember self, Long upTo) {
 *   return self.range(1, upTo + 1).map(i -> i * i).sum();
 * }
 *
 * List<Long> parts = PlaceGroup.forkJoin(node, 4, Sums::sumOfSquares, 1_000_000L);
 * }</pre>
 *
 * <p>Argument and results are messages: what goes by reference on a channel between places of one JVM
 * (shared vectors, ends of channels, immutable values) does so here.
 *
 * <p>A group is over as a whole: when forkJoin returns or throws, its members have ended. If one fails,
 * or ends with an exit code other than 0, the others are killed, and with them whoever waits at a
 * barrier. If the calling thread is interrupted, all are killed. A member may fork a group of its own,
 * on {@code Node.current()}.
 *
 * <p>After fork-join, CGfor, CGBarrier and CGpipeline of the dissertation, 3.4.2.
 */
public final class PlaceGroup {
  /** Longer than any program runs. */
  private static final Duration NO_LIMIT = Duration.ofSeconds(Long.MAX_VALUE);

  private PlaceGroup() {}

  /**
   * Runs a body in {@code size} places of a node, as threads, and waits for all.
   *
   * @return the members' results in the order of ranks
   * @throws PlaceFailedException what the first member that failed threw; the others are ended
   * @throws IllegalArgumentException if the size is not positive
   */
  public static <A, R> List<R> forkJoin(
      PlaceLocation node, int size, GroupBody<A, R> body, A argument) {
    return forkJoin(List.of(node), Spawn.anonymous(), size, body, argument);
  }

  /**
   * As the other form; the members are dealt out to the nodes in turn, each started as {@code spawn}
   * says.
   */
  public static <A, R> List<R> forkJoin(
      List<? extends PlaceLocation> nodes,
      Spawn spawn,
      int size,
      GroupBody<A, R> body,
      A argument) {
    return forkJoin(nodes, spawn, size, body, argument, NO_LIMIT);
  }

  /**
   * As the other forms, up to a limit.
   *
   * @throws GetTimeoutException if not all results are there in time; the members are killed
   */
  public static <A, R> List<R> forkJoin(
      List<? extends PlaceLocation> nodes,
      Spawn spawn,
      int size,
      GroupBody<A, R> body,
      A argument,
      Duration limit) {
    if (size < 1 || nodes.isEmpty()) {
      throw new IllegalArgumentException(
          "a group has at least 1 member and 1 node, not %d and %d".formatted(size, nodes.size()));
    }
    var coordinator = new GroupCoordinator<R>(limit);
    EntryPoint entry = EntryPoint.of(body);
    try {
      for (int rank = 0; rank < size; rank++) {
        PlaceLocation node = nodes.get(rank % nodes.size());
        coordinator.add(node.start(spawn, entry, argument, rank, size));
      }
      return coordinator.run();
    } catch (RuntimeException | Error e) {
      coordinator.kill(e);
      throw e;
    }
  }
}
