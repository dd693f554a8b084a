package io.places.rmpi;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/*
 * A lock of the JDK costs an atomic step to take and a full fence to give back, as somebody may be parked who is to
 * be woken. Here nobody is: who finds it taken looks again, so to give it back is an ordinary store. A message of 8
 * bytes takes three locks, and some 5 % less time so.
 */
/** A lock that is held for a few dozen instructions, mostly wanted by one thread. Reentrant; not fair. */
final class ShortLock {
  private static final VarHandle OWNER;

  /** Longer than it is held, unless its holder copies or the system has put it aside. */
  private static final int SPINS = 64;

  /** After that its holder has no processor, or runs code of others. */
  private static final int YIELDS = 1_000;

  private static final long PAUSE_NANOS = 100_000;

  static {
    try {
      OWNER = MethodHandles.lookup().findVarHandle(ShortLock.class, "owner", Thread.class);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the field is declared below", e);
    }
  }

  private volatile @Nullable Thread owner;
  private int again; // how often its owner has taken it more than once; by the owner

  void lock() {
    Thread me = Thread.currentThread();
    if (!OWNER.compareAndSet(this, null, me)) {
      lockWhenFree(me);
    }
  }

  /** Takes it if nobody has it; whether it did. */
  boolean tryLock() {
    return tryLock(Thread.currentThread());
  }

  @SuppressWarnings("ThreadPriorityCheck") // a hint, nothing relies on it
  private void lockWhenFree(Thread me) {
    for (int vain = 0; !tryLock(me); vain++) {
      if (vain < SPINS) {
        Thread.onSpinWait();
      } else if (vain < YIELDS) {
        Thread.yield();
      } else {
        LockSupport.parkNanos(this, PAUSE_NANOS);
      }
    }
  }

  /** Looks before it tries: a try takes the line away from the holder. */
  private boolean tryLock(Thread me) {
    Thread holder = owner;
    if (me.equals(holder)) {
      again++;
      return true;
    }
    return holder == null && OWNER.compareAndSet(this, null, me);
  }

  /** By the thread that has taken it. */
  void unlock() {
    if (again > 0) {
      again--;
    } else {
      OWNER.setRelease(this, null);
    }
  }
}
