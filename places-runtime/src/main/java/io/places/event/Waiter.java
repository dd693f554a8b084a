package io.places.event;

import io.places.Clock;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * A thread that waits until another wakes it. Made by the thread that waits; a wake-up that comes before
 * the wait is not lost.
 */
public final class Waiter {
  private static final int RUNNING = 0;
  private static final int PARKED = 1;
  private static final int AWAKE = 2;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(Waiter.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the field is declared below", e);
    }
  }

  private final Clock clock;
  private final Thread thread = Thread.currentThread();
  private volatile int state = RUNNING;

  public Waiter(Clock clock) {
    this.clock = clock;
  }

  /** What a call found. */
  public enum Called {
    /** It was called before, and has not gone on yet. */
    TWICE,
    /** It runs, and will see the call. */
    RUNNING,
    /** It is parked: {@link #resume} is still to be called. */
    PARKED
  }

  /**
   * Ends this thread's wait, or its next one, but for {@link #resume}: that takes long, so who holds a lock
   * calls first and resumes when the lock is left.
   */
  public Called call() {
    return switch ((int) STATE.getAndSet(this, AWAKE)) {
      case RUNNING -> Called.RUNNING;
      case PARKED -> Called.PARKED;
      default -> Called.TWICE;
    };
  }

  /** Lets a parked thread see that it was called. */
  public void resume() {
    LockSupport.unpark(thread);
  }

  /** Ends this thread's wait, or its next one. From any thread; returns at once. */
  public void wake() {
    if (call() == Called.PARKED) {
      resume();
    }
  }

  /** Whether it was woken since the last wait. */
  public boolean isAwake() {
    return state == AWAKE;
  }

  /**
   * Waits until it was woken since the last wait.
   *
   * @param nanos the longest to wait; {@link Long#MAX_VALUE} for as long as it takes
   * @return the nanoseconds left; zero or less if it was not woken in time
   * @throws InterruptedException if the thread is interrupted and was not woken
   */
  public long await(long nanos) throws InterruptedException {
    long left = park(nanos);
    return (int) STATE.getAndSet(this, RUNNING) == AWAKE ? Math.max(left, 1) : 0;
  }

  private long park(long nanos) throws InterruptedException {
    long start = nanos == Long.MAX_VALUE ? 0 : clock.nanoTime();
    long left = nanos;
    while (left > 0 && (state == PARKED || STATE.compareAndSet(this, RUNNING, PARKED))) {
      if (Thread.interrupted()) {
        throw new InterruptedException();
      }
      if (nanos == Long.MAX_VALUE) {
        LockSupport.park(this);
      } else {
        clock.park(this, left);
        left = nanos - (clock.nanoTime() - start);
      }
    }
    return left;
  }
}
