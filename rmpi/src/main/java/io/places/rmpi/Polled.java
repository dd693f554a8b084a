package io.places.rmpi;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/**
 * A link that goes on only when a thread of the rank looks at it: one thread at a time, which {@link
 * Progress} chooses.
 */
interface Polled {
  /** Deals with some of what has come, and sends some of what could not be sent yet; whether there was any. */
  boolean poll();

  /**
   * From now on the peer wakes this rank when something comes, once; followed by one {@link #poll} at least, which
   * sees all that came before.
   *
   * @param how {@link Sleeper#ASLEEP} or {@link Sleeper#ASLEEP_ON_WORD}
   */
  void announceSleep(int how);

  /** The peer need not do so any more. */
  void announceAwake();

  /** Where in shared memory the two announcements above are; empty if they are not. */
  default Optional<MemorySegment> sleepWord() {
    return Optional.empty();
  }
}
