package io.places.event;

import io.places.Clock;
import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/*
 * One wait for one of several sources. The waiting thread itself takes: a source only wakes it, so what
 * loses is never touched and there is nothing to give back.
 *
 *   1. Look which sources are ready; choose one of them at random; take it. If another thread was
 *      quicker, look again. If it fails (a closed channel), leave it aside and look again: a failure
 *      is thrown only if nothing else is ready, so that one closed channel among many keeps nothing
 *      from being taken, and what tells of the close as a value comes before the failure that means
 *      the same.
 *   2. If none is ready, watch all, look again (one may have become ready in between), and wait for a
 *      wake-up or the earliest time limit. Look again.
 *   3. Leave all sources. A wake-up that was meant for this thread but not used is passed on there.
 *      If nothing was taken, since others were quicker, begin again at 2: a source wakes a watcher once.
 *
 * Choosing among all that are ready, rather than starting the look at a random place, is what makes it
 * fair: starting at random favours the ready one behind a gap.
 */
final class Sync<T> {
  /** Spread over all threads, so that no thread sees a pattern. Weyl sequence, mixed below. */
  private static final AtomicLong SEQUENCE = new AtomicLong();

  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  /** Of all that wait for one of several things: what a program waits for so is much alike. */
  private static final Patience PATIENCE = new Patience();

  private final List<Leaf<?, ? extends T>> leaves;
  private final Clock clock;
  private final long start;
  private final long earliest;

  Sync(List<Leaf<?, ? extends T>> leaves) {
    this.leaves = leaves;
    this.clock = clock(leaves);
    this.start = clock.nanoTime();
    this.earliest = earliest(leaves);
  }

  T run() {
    if (leaves.isEmpty()) {
      throw new IllegalArgumentException(
          "a sync of nothing would wait for ever; add an event that can become ready");
    }
    Leaf.Taken<?, ? extends T> taken = take(Long.MAX_VALUE);
    if (taken == null) {
      throw new AssertionError("a wait without limit ended without an event");
    }
    return taken.result();
  }

  /** Waits up to {@code nanos}; what is ready then comes before the end of the wait. */
  Optional<T> run(long nanos) {
    Leaf.Taken<?, ? extends T> taken = take(nanos);
    return taken == null ? Optional.empty() : Optional.of(taken.result());
  }

  private Leaf.@Nullable Taken<?, ? extends T> take(long nanos) {
    Leaf.Taken<?, ? extends T> taken = takeReady(0);
    return taken == null && nanos > 0 ? waitAndTake(nanos) : taken;
  }

  /** Null if the time is over. */
  private Leaf.@Nullable Taken<?, ? extends T> waitAndTake(long nanos) {
    long limit = Math.min(nanos, earliest);
    var waiter = new Waiter(clock);
    while (true) {
      leaves.forEach(leaf -> leaf.source().watch(waiter));
      try {
        long passed = clock.nanoTime() - start;
        Leaf.Taken<?, ? extends T> taken = takeReady(passed);
        if (taken == null && passed < limit) {
          PATIENCE.until(waiter::isAwake);
          waiter.await(limit == Long.MAX_VALUE ? limit : limit - passed);
          passed = clock.nanoTime() - start;
          taken = takeReady(passed);
        }
        if (taken != null || passed >= nanos) {
          return taken;
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new PlaceInterruptedException("interrupted while waiting for an event", e);
      } finally {
        leaves.forEach(leaf -> leaf.source().unwatch(waiter));
      }
    }
  }

  /** Null if none is ready. */
  private Leaf.@Nullable Taken<?, ? extends T> takeReady(long passed) {
    Set<Leaf<?, ? extends T>> failed = Set.of();
    PlacesException failure = null;
    while (true) {
      List<Leaf<?, ? extends T>> ready = ready(passed, failed);
      if (ready.isEmpty() && failure != null) {
        throw failure;
      }
      if (ready.isEmpty()) {
        return null;
      }
      Leaf<?, ? extends T> chosen = ready.get(anyBelow(ready.size()));
      try {
        Leaf.Taken<?, ? extends T> taken = chosen.take();
        if (taken != null) {
          return taken;
        }
      } catch (PlacesException e) {
        failure = e;
        failed = failed.isEmpty() ? new HashSet<>() : failed;
        failed.add(chosen);
      }
    }
  }

  private List<Leaf<?, ? extends T>> ready(long passed, Set<Leaf<?, ? extends T>> but) {
    List<Leaf<?, ? extends T>> ready = new ArrayList<>();
    for (Leaf<?, ? extends T> leaf : leaves) {
      if (isReady(leaf.source(), passed) && !but.contains(leaf)) {
        ready.add(leaf);
      }
    }
    return ready;
  }

  private static boolean isReady(EventSource<?> source, long passed) {
    return source instanceof TimeSource time ? passed >= time.nanos() : source.isReady();
  }

  private static Clock clock(List<? extends Leaf<?, ?>> leaves) {
    for (Leaf<?, ?> leaf : leaves) {
      if (!leaf.source().clock().equals(Clock.system())) {
        return leaf.source().clock();
      }
    }
    return Clock.system();
  }

  private static long earliest(List<? extends Leaf<?, ?>> leaves) {
    long earliest = Long.MAX_VALUE;
    for (Leaf<?, ?> leaf : leaves) {
      if (leaf.source() instanceof TimeSource time) {
        earliest = Math.min(earliest, time.nanos());
      }
    }
    return earliest;
  }

  private static int anyBelow(int bound) {
    long z = SEQUENCE.addAndGet(GOLDEN_GAMMA);
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L; // the mixing of SplitMix64
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return (int) Long.remainderUnsigned(z ^ (z >>> 31), bound);
  }
}
