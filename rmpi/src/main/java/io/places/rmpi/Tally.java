package io.places.rmpi;

import io.places.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the calls of one rank have cost so far, for {@link JobOptions#stats}, and each of them for a recording that wants
 * them. A collective operation counts as one call, with all that it sends and waits for; those that it is made of do
 * not count. Safe for use by many threads.
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

  /**
   * A call that begins.
   *
   * @param context the communicator's
   * @param peer the other rank, or the root; {@link CallTrace#NONE} if there is none, or any will do
   * @param bytes as far as they are known yet
   */
  record Call(String operation, int context, int peer, int tag, long bytes) {}

  /** A call under way, for the recording. */
  private static final class Traced {
    final CallTrace trace;
    long waited; // guarded by this, as is what follows
    long waitsSince; // 0: no thread waits
    boolean isOver;

    Traced(CallTrace trace) {
      this.trace = trace;
    }

    synchronized void waits(long now) {
      waitsSince = waitsSince == 0 ? now : waitsSince;
    }

    synchronized void waitsNoMore(long now) {
      waited += waitsSince == 0 ? 0 : now - waitsSince;
      waitsSince = 0;
    }

    synchronized void matched(Status status, long bytes) {
      if (!isOver) {
        trace.matched(status.source(), status.tag(), bytes);
      }
    }

    synchronized void end(long now) {
      waitsNoMore(now);
      isOver = true;
      trace.end(Duration.ofNanos(waited));
    }
  }

  /** A collective operation under way in a thread. */
  private static final class Collective {
    final String operation;
    long waited;

    Collective(String operation) {
      this.operation = operation;
    }
  }

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

  /** What the thread is in; no thread is one of two ranks. */
  private static final ThreadLocal<@Nullable Collective> COLLECTIVE = new ThreadLocal<>();

  private final Clock clock;
  private final int rank;
  private final boolean isTraced;
  private final Map<String, Sums> sums = new TreeMap<>(); // guarded by this
  private final Map<Request<?>, Traced> traced = new ConcurrentHashMap<>(); // those under way

  /**
   * @param rank of the job
   * @param isTraced whether a recording wants each call
   */
  Tally(Clock clock, int rank, boolean isTraced) {
    this.clock = clock;
    this.rank = rank;
    this.isTraced = isTraced;
  }

  /** Runs a collective operation; one within another is a part of that. */
  void collective(Call what, Runnable call) {
    this.<@Nullable Object>collective(
        what,
        () -> {
          call.run();
          return null;
        });
  }

  /** As {@link #collective(Call, Runnable)}, with its result. */
  <T extends @Nullable Object> T collective(Call what, Supplier<T> call) {
    if (COLLECTIVE.get() != null) {
      return call.get();
    }
    Collective mine = new Collective(what.operation());
    COLLECTIVE.set(mine);
    @Nullable CallTrace trace = isTraced ? trace(what) : null;
    long start = clock.nanoTime();
    try {
      return call.get();
    } finally {
      COLLECTIVE.remove();
      add(what.operation(), true, what.bytes(), clock.nanoTime() - start);
      if (trace != null) {
        trace.end(Duration.ofNanos(mine.waited));
      }
    }
  }

  private CallTrace trace(Call of) {
    return new CallTrace(rank, of.operation(), of.context(), of.peer(), of.tag(), of.bytes());
  }

  /**
   * Runs what begins to send or receive; within a collective operation it is a part of that.
   *
   * @param request over when the call is
   */
  void message(Call what, Request<?> request, Runnable call) {
    if (COLLECTIVE.get() != null) {
      call.run();
      return;
    }
    long start = clock.nanoTime();
    if (isTraced) {
      traced.put(request, new Traced(trace(what)));
    }
    call.run();
    add(what.operation(), false, what.bytes(), clock.nanoTime() - start);
    if (isTraced) {
      request.whenDone(
          () -> {
            Traced over = traced.remove(request);
            if (over != null) {
              over.end(clock.nanoTime());
            }
          });
    }
  }

  /** A message was matched by a receive that no collective operation has posted. */
  void received(Request<?> request, Status status, long bytes) {
    synchronized (this) {
      sums("recv", false).bytes += bytes;
    }
    Traced of = traced.get(request);
    if (of != null) {
      of.matched(status, bytes);
    }
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
    ofTraced(requests, of -> of.waits(start));
    try {
      return wait.get();
    } finally {
      long end = clock.nanoTime();
      ofTraced(requests, of -> of.waitsNoMore(end));
      waited(requests.getFirst(), requests.size() == 1, end - start);
    }
  }

  private void ofTraced(List<? extends Request<?>> requests, Consumer<Traced> action) {
    if (isTraced && COLLECTIVE.get() == null) {
      for (Request<?> request : requests) {
        Traced of = traced.get(request);
        if (of != null) {
          action.accept(of);
        }
      }
    }
  }

  private void waited(Request<?> first, boolean isAlone, long nanos) {
    Collective within = COLLECTIVE.get();
    int[] peers = first.peers();
    if (within != null) {
      within.waited += nanos;
    }
    synchronized (this) {
      Sums of = sums(within != null ? within.operation : first.operation(), within != null);
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
