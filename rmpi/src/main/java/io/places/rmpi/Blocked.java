package io.places.rmpi;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/**
 * A thread that waits.
 *
 * @param requests for one of these
 * @param since by the world's clock
 * @param isLimited whether it ends by itself; that may become known while it waits
 */
record Blocked(Thread thread, List<? extends Request<?>> requests, long since, BooleanSupplier isLimited) {
  /** What is worth showing of a stack: the program is below the few frames of this package. */
  private static final int FRAMES = 16;

  /** Whether its thread only has to be told. */
  boolean isOver() {
    return requests.stream().anyMatch(Request::isOver);
  }

  /**
   * @param ended ranks that end no wait any more
   */
  RankNews.Wait describe(long now, boolean isMain, Set<Integer> ended) {
    Set<Integer> peers = new TreeSet<>();
    boolean known = true;
    List<String> operations = new ArrayList<>();
    for (Request<?> request : requests) {
      operations.add(request.toString());
      int[] of = request.peers();
      known &= of != null;
      if (of != null) {
        for (int peer : of) {
          if (!ended.contains(peer)) {
            peers.add(peer);
          }
        }
      }
    }
    List<String> stack = new ArrayList<>();
    for (StackTraceElement frame : thread.getStackTrace()) {
      boolean isOurs =
          frame.getClassName().startsWith("java.")
              || frame.getClassName().startsWith("jdk.")
              || frame.getClassName().startsWith("io.places.event.");
      if (stack.size() < FRAMES && (!isOurs || !stack.isEmpty())) {
        stack.add(frame.toString());
      }
    }
    return new RankNews.Wait(
        isMain,
        String.join(" or ", operations),
        since,
        List.copyOf(peers),
        !known || isLimited.getAsBoolean(),
        Duration.ofNanos(now - since),
        stack);
  }
}
