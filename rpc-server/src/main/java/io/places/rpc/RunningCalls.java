package io.places.rpc;

import io.places.Clock;
import io.places.Spawner;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/*
 * Most calls end long before their time, and are not cancelled, so both must cost nearly nothing. Nobody is
 * told of a call's deadline: one thread looks every few milliseconds at what runs, and ends when nothing
 * does.
 *
 * A call may be cancelled before it has begun, while it waits among the messages of its client. So what is
 * cancelled and does not run is kept until it is about to. It may also have ended already, and will then
 * never come: so only so many are kept, more than can wait.
 */
/** The calls of one server that run, and those that are to be stopped. Safe for use by many threads. */
final class RunningCalls {
  /** The most that a call's thread is interrupted too late. */
  private static final Duration TICK = Duration.ofMillis(10);

  /** A call whose caller has gone runs on for a tenth of a second: it seldom happens, and costs a lock. */
  private static final int TICKS_TO_CALLERS = 10;

  /** Four times what one client can have waiting. */
  private static final int KEPT = 4_096;

  private final Clock clock;
  private final Spawner spawner;
  private final Map<Long, CallContext> running = new ConcurrentHashMap<>();
  private final Set<Long> cancelled =
      Collections.newSetFromMap(
          new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<Long, Boolean> eldest) {
              return size() > KEPT;
            }
          }); // guarded by itself

  private final AtomicBoolean watched = new AtomicBoolean();
  private volatile boolean anyCancelled;

  RunningCalls(Clock clock, Spawner spawner) {
    this.clock = clock;
    this.spawner = spawner;
  }

  /** A call is about to run; it is stopped already if it was cancelled before. */
  void begin(CallContext call) {
    running.put(call.call(), call);
    if (anyCancelled) { // read after the call can be seen: see cancel
      synchronized (cancelled) {
        if (cancelled.remove(call.call())) {
          call.stop(Status.CANCELLED);
        }
        anyCancelled = !cancelled.isEmpty();
      }
    }
    if (call.hasDeadline() && !watched.get() && watched.compareAndSet(false, true)) {
      spawner.virtual("places-rpc-deadlines", this::watch);
    }
  }

  void end(CallContext call) {
    running.remove(call.call(), call);
  }

  /** Stops a call, now or when it is about to run. */
  void cancel(long number) {
    synchronized (cancelled) {
      cancelled.add(number);
      anyCancelled = true;
    }
    CallContext call = running.get(number);
    if (call != null) {
      call.stop(Status.CANCELLED);
      synchronized (cancelled) {
        cancelled.remove(number);
        anyCancelled = !cancelled.isEmpty();
      }
    }
  }

  /** Stops all that run. */
  void stopAll(Status why) {
    running.values().forEach(call -> call.stop(why));
  }

  private void watch() {
    for (long tick = 1; ; tick++) {
      clock.park(this, TICK.toNanos());
      boolean lookForCallers = tick % TICKS_TO_CALLERS == 0;
      for (CallContext call : running.values()) {
        if (call.hasDeadline() && call.nanosLeft() <= 0) {
          call.stop(Status.DEADLINE_EXCEEDED);
        } else if (lookForCallers && call.hasDeadline() && call.isCallerGone()) {
          call.stop(Status.CANCELLED);
        }
      }
      if (running.isEmpty()) {
        watched.set(false);
        if (running.isEmpty() || !watched.compareAndSet(false, true)) {
          return;
        }
      }
    }
  }
}
