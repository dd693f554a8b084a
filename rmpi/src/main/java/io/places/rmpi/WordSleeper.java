package io.places.rmpi;

import io.places.Clock;
import java.lang.foreign.Arena;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.List;

/*
 * Who wakes changes the word first, so that one who is only about to sleep does not. The system does not let a
 * thread out of here when it is interrupted; so the sleep is cut in slices.
 */
/** Sleeps on words of shared memory, one for each peer. For platform threads. */
final class WordSleeper implements Sleeper {
  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

  /** So soon is an interrupted thread let go at first: a short sleep is one of a program at work. */
  private static final long SLICE_NANOS = 20_000_000;

  /** So soon later on; each wake-up of an idle rank costs. */
  private static final long LONGEST_SLICE_NANOS = 160_000_000;

  private final Natives natives;
  private final Clock clock;
  private final List<MemorySegment> words;
  private final MemorySegment waiters;
  private final MemorySegment limit;
  private final MemorySegment state;

  WordSleeper(Natives natives, Clock clock, List<MemorySegment> words) {
    this.natives = natives;
    this.clock = clock;
    this.words = List.copyOf(words);
    Arena arena = Arena.ofAuto();
    waiters = arena.allocate(Natives.WAITER, words.size());
    limit = arena.allocate(ValueLayout.JAVA_LONG, 2);
    state = arena.allocate(Linker.Option.captureStateLayout());
    for (int i = 0; i < words.size(); i++) {
      Natives.waiter(waiters, i, ASLEEP_ON_WORD, words.get(i).address());
    }
  }

  @Override
  public int how() {
    return ASLEEP_ON_WORD;
  }

  @Override
  public void begin() {}

  @Override
  public void sleep(long nanos) {
    long start = clock.nanoTime();
    long left = nanos;
    long slice = SLICE_NANOS;
    while (left > 0 && !Thread.currentThread().isInterrupted() && isUnchanged()) {
      natives.sleep(state, waiters, words.size(), limit, Math.min(left, slice));
      slice = Math.min(2 * slice, LONGEST_SLICE_NANOS);
      left = nanos - (clock.nanoTime() - start);
    }
  }

  private boolean isUnchanged() {
    for (MemorySegment word : words) {
      if ((int) INT.getVolatile(word, 0L) != ASLEEP_ON_WORD) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void wake() {
    wake(natives, words.getFirst());
  }

  /** Wakes who sleeps on a word, here or in another process. */
  static void wake(Natives natives, MemorySegment word) {
    if (INT.compareAndSet(word, 0L, ASLEEP_ON_WORD, AWAKE)) {
      natives.wake(word);
    }
  }
}
