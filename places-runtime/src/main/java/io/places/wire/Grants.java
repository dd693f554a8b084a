package io.places.wire;

import java.util.concurrent.atomic.AtomicLong;

/**
 * What was charged in all, and what of it was released and granted again. That goes in lumps: many small messages
 * do not cause many grants. One thread charges; the rest is safe for use by many threads.
 */
final class Grants {
  private final long lump;
  private final AtomicLong charged = new AtomicLong();
  private final AtomicLong granted = new AtomicLong();

  Grants(long lump) {
    this.lump = lump;
  }

  void charge(long cost) {
    charged.lazySet(charged.get() + cost);
  }

  /** What was charged up to now. */
  long charged() {
    return charged.get();
  }

  /**
   * What is to be granted now, by the caller; 0 if that is less than a lump.
   *
   * @param all what was charged before something was released: what comes meanwhile makes less due, never more
   * @param left what was charged and not released yet, afterwards
   */
  long due(long all, long left) {
    while (true) {
      long before = granted.get();
      long due = all - left - before;
      if (due < lump) {
        return 0;
      }
      if (granted.compareAndSet(before, before + due)) {
        return due;
      } // else another thread has granted some of it, but perhaps not what was released here
    }
  }
}
