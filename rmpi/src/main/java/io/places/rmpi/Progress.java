package io.places.rmpi;

import io.places.Clock;
import io.places.event.Waiter;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/*
 * Between the wire and a waiting thread lies nothing if that thread looks at the wire itself. So one of the
 * threads of a rank that wait polls all links of the rank that want it, for all of them; the others are
 * parked. When its own wait is over it wakes one of those, which polls from then on.
 *
 * It looks for a while without a pause, as most answers come within a few microseconds; then it lets other
 * threads run between two looks, which costs nothing if there are none; then it sleeps. If there are more
 * ranks than processors, who spins keeps the one from running for which it waits: there it gives way at once.
 * While the program is cold it does so, too, so that the compiler's threads get on.
 *
 * To give way is the quickest hand-over among ranks, which give it back, and costs the most where somebody else
 * computes: that one keeps the processor until its slice is over, and Linux (6.18) takes the slice that was given
 * away from who gave it. Who sleeps loses nothing, and comes first when it is woken. So after somebody has kept the
 * processor it sleeps at once for a while, where it would have given way; then it tries again.
 *
 * No wake-up is lost: it first announces that it sleeps, then looks again, then sleeps. Who sends first puts
 * the message, then looks whether the other sleeps. With a full fence between the two steps on each side, one
 * of them sees the other. Likewise for what other threads of this JVM do: whoever completes a request wakes.
 */
/** Who looks at the links of a rank that must be polled, and when. */
final class Progress {
  /** About 5 microseconds of looks without a pause. */
  private static final int SPINS = 256;

  /**
   * Where to give way has cost much: some 20 microseconds, in which somebody who was asleep answers. Who sleeps sooner has its
   * peer wait for the wake-up, so that this one sleeps, too, and so on without end.
   */
  private static final int SPINS_BEFORE_SLEEP = 4 * SPINS;

  /**
   * Until it sleeps, where ranks share processors: long enough for others to copy or add up a megabyte, which they do
   * while this one gives way. Who sleeps meanwhile is woken late, and keeps others waiting in turn.
   */
  private static final long PATIENCE_NANOS = 300_000;

  /**
   * The same if each rank has a processor: who else wants that meanwhile gets it at once, and one that sleeps too
   * wakes slowly. Of a rank that waits for a second this is 0.2 %.
   */
  private static final long LONG_PATIENCE_NANOS = 2_000_000;

  private static final int SPINS_BETWEEN_LOOKS_AT_THE_CLOCK = 32;

  /** Of those that find something: they cost more than a look at the clock, and few are one after the other. */
  private static final int LOOKS_BETWEEN_LIMITS = 1024;

  /** Ranks give way more often than that; who computes keeps the processor for longer. */
  private static final long KEPT_NANOS = 1_000_000;

  /**
   * The same while the program is cold, or ranks share processors: a compiler's thread, or a rank that computes,
   * keeps it for one slice, some 3 ms.
   */
  private static final long KEPT_NANOS_AMONG_OWN = 6_000_000;

  /** Times what it has cost, at first: it may have been chance. Twice as long each time that it was not. */
  private static final int UNTIL_TRIED_AGAIN = 4;

  private static final long LONGEST_UNTIL_TRIED_AGAIN = 1_000_000_000;

  /** When a rank has given way for that long, all code that it runs is taken to be compiled. */
  private static final long COLD_NANOS = 1_200_000_000;

  /** As what giving way counts at least towards that: alone it is over at once. */
  private static final long LEAST_COLD_NANOS = 3_000;

  /** Nothing depends on it; should a wake-up be lost all the same, it costs only this. */
  private static final long LONGEST_SLEEP_NANOS = 1_000_000_000;

  /** For who is not told, and not in a hurry: the end of a rank. */
  private static final long LOOK_AGAIN_NANOS = 10_000_000;

  private final Clock clock;
  private final AtomicBoolean driven = new AtomicBoolean();
  private final Queue<Waiter> followers = new ConcurrentLinkedQueue<>();
  private volatile Polled[] links = {};
  private volatile Sleeper sleeper; // written before the program begins and at its end
  private volatile @Nullable Sleeper onWords; // likewise; for platform threads
  private volatile @Nullable Sleeper asleep; // or about to be
  private int spins = SPINS; // written before the program begins
  private int spinsBeforeSleep = SPINS_BEFORE_SLEEP; // likewise
  private long patience = LONG_PATIENCE_NANOS; // likewise
  private long kept = KEPT_NANOS; // likewise
  private long coldNanos = COLD_NANOS; // by the thread that polls
  private long sleepsAtOnce; // how long, from keptAt on; likewise
  private long keptAt; // likewise

  Progress(Clock clock) {
    this.clock = clock;
    this.sleeper = new Sleeper.Parked(clock);
  }

  /**
   * Before the program begins.
   *
   * @param ranksOnHost how many ranks want the processors of this host
   */
  void links(List<? extends Polled> all, int ranksOnHost) {
    boolean isCrowded = ranksOnHost > Runtime.getRuntime().availableProcessors();
    spins = isCrowded ? 0 : SPINS;
    spinsBeforeSleep = isCrowded ? 0 : SPINS_BEFORE_SLEEP;
    patience = isCrowded ? PATIENCE_NANOS : LONG_PATIENCE_NANOS;
    kept = isCrowded ? KEPT_NANOS_AMONG_OWN : KEPT_NANOS;
    links = all.toArray(Polled[]::new);
    List<MemorySegment> words = all.stream().flatMap(link -> link.sleepWord().stream()).toList();
    @Nullable Natives natives = Natives.get();
    if (natives != null && words.size() == links.length && links.length <= Natives.MOST_WAITERS) {
      onWords = new WordSleeper(natives, clock, words);
    }
  }

  /** Before the program begins: how the thread that polls sleeps. */
  void sleepBy(Sleeper how) {
    sleeper = how;
  }

  /** The rank is over. Its links are not looked at any more; who waits for a rank of this JVM to receive sleeps. */
  void close() {
    links = new Polled[0];
    onWords = null;
    Sleeper last = sleeper;
    sleeper = new Sleeper.Parked(clock); // the last one does not sleep any more
    last.close();
  }

  /** Whether there is anything to poll. */
  boolean isNeeded() {
    return links.length > 0;
  }

  /** The thread that polls, if there is one, looks again. */
  void wake() {
    Sleeper current = asleep;
    if (current != null) {
      current.wake();
    }
  }

  /** Looks at the links, unless another thread does so. */
  void poll() {
    if (isNeeded() && driven.compareAndSet(false, true)) {
      try {
        pollAll();
      } finally {
        release();
      }
    }
  }

  /** What is awaited, for a thread that may have to be parked. */
  interface Awaited {
    boolean isDone();

    /** Before the thread is parked: the action is run when it is done. */
    void beforeSleep(Runnable wake);

    /** Undoes that. */
    void afterSleep(Runnable wake);

    /** Whether the action is run; else a thread that another one polls for looks again now and then. */
    default boolean tells() {
      return true;
    }
  }

  /**
   * Waits.
   *
   * @param nanos the longest to wait; {@link Long#MAX_VALUE} for as long as it takes
   * @return whether it is done
   */
  boolean await(Awaited awaited, long nanos) throws InterruptedException {
    if (driven.compareAndSet(false, true)) {
      try {
        return drive(awaited, nanos);
      } finally {
        release();
      }
    }
    return follow(awaited, nanos);
  }

  /** As {@link #await(Awaited, long)}, for what only the links change, or who calls {@link #wake}. */
  void await(BooleanSupplier done) throws InterruptedException {
    await(
        new Awaited() {
          @Override
          public boolean isDone() {
            return done.getAsBoolean();
          }

          @Override
          public void beforeSleep(Runnable wake) {}

          @Override
          public void afterSleep(Runnable wake) {}

          @Override
          public boolean tells() {
            return false;
          }
        },
        Long.MAX_VALUE);
  }

  private void release() {
    driven.set(false);
    Waiter next = followers.peek();
    if (next != null) {
      next.wake();
    }
  }

  private boolean follow(Awaited awaited, long nanos) throws InterruptedException {
    long start = clock.nanoTime();
    Waiter waiter = new Waiter(clock);
    Runnable wake = waiter::wake;
    followers.add(waiter); // before the next try: who gives up polling looks for followers afterwards
    awaited.beforeSleep(wake);
    try {
      while (!awaited.isDone()) {
        long left = nanos == Long.MAX_VALUE ? nanos : nanos - (clock.nanoTime() - start);
        if (left <= 0) {
          return false;
        }
        if (driven.compareAndSet(false, true)) {
          followers.remove(waiter);
          try {
            return drive(awaited, left);
          } finally {
            release();
          }
        }
        waiter.await(awaited.tells() ? left : Math.min(left, LOOK_AGAIN_NANOS));
      }
      return true;
    } finally {
      awaited.afterSleep(wake);
      followers.remove(waiter);
      passOn();
    }
  }

  /** It may have been this thread that was asked to poll. */
  private void passOn() {
    Waiter next = followers.peek();
    if (next != null && !driven.get()) {
      next.wake();
    }
  }

  private boolean drive(Awaited awaited, long nanos) throws InterruptedException {
    long begin = nanos == Long.MAX_VALUE ? 0 : clock.nanoTime();
    long start = 0; // of the looks in vain; 0 when there were none
    int vain = 0;
    boolean rested = false; // and nothing has come since
    int some = 0; // looks that were not in vain
    while (!awaited.isDone()) {
      if (pollAll()) {
        vain = 0;
        start = 0;
        rested = false;
        if (++some % LOOKS_BETWEEN_LIMITS == 0) { // it may be for others, and without end
          if (Thread.interrupted()) {
            throw new InterruptedException();
          }
          if (nanos != Long.MAX_VALUE && clock.nanoTime() - begin >= nanos) {
            return awaited.isDone();
          }
        }
        continue;
      }
      vain++;
      boolean isCold = coldNanos > 0;
      boolean givesWay = isCold || vain > spins;
      if (givesWay || vain % SPINS_BETWEEN_LOOKS_AT_THE_CLOCK == 0) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        long now = clock.nanoTime();
        if (nanos != Long.MAX_VALUE && now - begin >= nanos) {
          return false;
        }
        boolean isTired = start != 0 && now - start > patience;
        boolean costsMuch = sleepsAtOnce > 0 && now - keptAt < sleepsAtOnce;
        if (rested || isTired || (costsMuch && (isCold || vain > spinsBeforeSleep))) {
          long left = nanos == Long.MAX_VALUE ? nanos : nanos - (now - begin);
          sleep(awaited, Math.min(left, LONGEST_SLEEP_NANOS));
          vain = spins;
          start = 0;
          rested = true;
          continue;
        }
        if (start == 0) {
          start = now;
        }
        givesWay &= !costsMuch;
      }
      if (givesWay) {
        giveWay();
      } else {
        Thread.onSpinWait();
      }
    }
    return true;
  }

  @SuppressWarnings("ThreadPriorityCheck") // a hint, nothing relies on it
  private void giveWay() {
    boolean isCold = coldNanos > 0;
    long before = clock.nanoTime();
    Thread.yield();
    long after = clock.nanoTime();
    long took = after - before;
    if (isCold) {
      coldNanos -= Math.max(took, LEAST_COLD_NANOS);
    }
    if (took > (isCold ? KEPT_NANOS_AMONG_OWN : kept)) {
      keptAt = after;
      sleepsAtOnce =
          Math.min(Math.max(2 * sleepsAtOnce, UNTIL_TRIED_AGAIN * took), LONGEST_UNTIL_TRIED_AGAIN);
    } else {
      sleepsAtOnce /= 2;
    }
  }

  private void sleep(Awaited awaited, long nanos) throws InterruptedException {
    Sleeper words = onWords;
    Sleeper how = words == null || Thread.currentThread().isVirtual() ? sleeper : words;
    Polled[] all = links;
    Runnable wake = how::wake;
    how.begin();
    asleep = how; // before the last look: who changes something after that finds it
    awaited.beforeSleep(wake);
    try {
      for (Polled link : all) {
        link.announceSleep(how.how());
      }
      if (!pollAll() && !awaited.isDone()) {
        how.sleep(nanos);
      }
    } finally {
      for (Polled link : all) {
        link.announceAwake();
      }
      awaited.afterSleep(wake);
      asleep = null;
      how.end();
    }
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private boolean pollAll() {
    boolean some = false;
    for (Polled link : links) {
      some |= link.poll();
    }
    return some;
  }
}
