package io.places.rmpi;

import io.places.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the calls of one rank have cost so far, for {@link JobOptions#stats}. A collective operation counts as
 * one call, with all that it sends and waits for; those that it is made of do not count. Safe for use by many
 * threads.
 */
final class Tally {
  /**
   * Of all calls of one operation by one rank.
   *
   * @param isCollective whether all ranks of a communicator call it together
   * @param bytes sent or received; of a collective operation those that the rank gives
   * @param nanos within the calls, and in waits for what they began
   * @param waited of these, until others did their part
   * @param awaited of the waits that one rank alone could end, how long, by rank
   */
  record Row(
      String operation,
      boolean isCollective,
      long calls,
      long bytes,
      long nanos,
      long waited,
      Map<Integer, Long> awaited) {}

  private static final class Sums {
    final boolean isCollective;
    final Map<Integer, Long> awaited = new HashMap<>();
    long calls;
    long bytes;
    long nanos;
    long waited;

    Sums(boolean isCollective) {
      this.isCollective = isCollective;
    }
  }

  private final Clock clock;
  private final Map<String, Sums> sums = new TreeMap<>(); // guarded by this
  private final ThreadLocal<@Nullable String> collective = new ThreadLocal<>();

  Tally(Clock clock) {
    this.clock = clock;
  }

  /** Runs a collective operation; one within another is a part of that. */
  void collective(String operation, long bytes, Runnable call) {
    this.<@Nullable Object>collective(
        operation,
        bytes,
        () -> {
          call.run();
          return null;
        });
  }

  /** As {@link #collective(String, long, Runnable)}, with its result. */
  <T extends @Nullable Object> T collective(String operation, long bytes, Supplier<T> call) {
    if (collective.get() != null) {
      return call.get();
    }
    collective.set(operation);
    long start = clock.nanoTime();
    try {
      return call.get();
    } finally {
      collective.remove();
      add(operation, true, bytes, clock.nanoTime() - start);
    }
  }

  /** Runs what begins to send or receive; within a collective operation it is a part of that. */
  void message(String operation, long bytes, Runnable call) {
    if (collective.get() != null) {
      call.run();
      return;
    }
    long start = clock.nanoTime();
    call.run();
    add(operation, false, bytes, clock.nanoTime() - start);
  }

  /** A message was matched by a receive that no collective operation has posted. */
  synchronized void received(long bytes) {
    sums("recv", false).bytes += bytes;
  }

  private synchronized void add(String operation, boolean isCollective, long bytes, long nanos) {
    Sums of = sums(operation, isCollective);
    of.calls++;
    of.bytes += bytes;
    of.nanos += nanos;
  }

  private Sums sums(String operation, boolean isCollective) {
    return sums.computeIfAbsent(operation, any -> new Sums(isCollective));
  }

  /** Waits for one of some requests. */
  <T> T waiting(List<? extends Request<?>> requests, Supplier<T> wait) {
    long start = clock.nanoTime();
    try {
      return wait.get();
    } finally {
      waited(requests.getFirst(), requests.size() == 1, clock.nanoTime() - start);
    }
  }

  private void waited(Request<?> first, boolean isAlone, long nanos) {
    String within = collective.get();
    int[] peers = first.peers();
    synchronized (this) {
      Sums of = sums(within != null ? within : first.operation(), within != null);
      of.waited += nanos;
      of.nanos += within != null ? 0 : nanos; // else it is within the call
      if (isAlone && peers != null && peers.length == 1) {
        of.awaited.merge(peers[0], nanos, Long::sum);
      }
    }
  }

  synchronized List<Row> rows() {
    List<Row> rows = new ArrayList<>();
    sums.forEach(
        (operation, of) ->
            rows.add(
                new Row(
                    operation,
                    of.isCollective,
                    of.calls,
                    of.bytes,
                    of.nanos,
                    of.waited,
                    Map.copyOf(of.awaited))));
    return rows;
  }
}
