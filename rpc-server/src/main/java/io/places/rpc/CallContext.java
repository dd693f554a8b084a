package io.places.rpc;

import io.places.Clock;
import io.places.channel.PlaceChannel;
import io.places.event.Event;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/*
 * The call's thread is interrupted by whoever cancels the call, and by nobody once the call is over: both
 * are decided under this object's lock, so that an interrupt never hits what the thread does next.
 */
/**
 * The call that the calling thread runs: what a server's method may want to know about it.
 *
 * <p>Known in the thread that runs the method, not in threads that the method starts. Calls that the method
 * makes to other servers take it into account by themselves: they have no more time than is left of this
 * one, and one that would come back to a server that waits for this call is refused.
 */
public final class CallContext {
  private static final ScopedValue<CallContext> CURRENT = ScopedValue.newInstance();

  private final String server;
  private final String method;
  private final CallHeader header;
  private final List<Long> chain;
  private final Clock clock;
  private final PlaceChannel<?, ?> caller;
  private final long deadline; // by the clock; means something only if there is a time limit

  private @Nullable Thread runs; // guarded by this
  private volatile @Nullable Status stopped;

  CallContext(
      String server,
      String method,
      CallHeader header,
      List<Long> chain,
      Clock clock,
      PlaceChannel<?, ?> caller) {
    this.server = server;
    this.method = method;
    this.header = header;
    this.chain = chain;
    this.clock = clock;
    this.caller = caller;
    this.deadline = header.timeoutMicros() == 0 ? 0 : clock.nanoTime() + header.timeoutMicros() * 1_000;
  }

  /**
   * The call that this thread runs.
   *
   * @throws IllegalStateException if it runs none
   */
  public static CallContext current() {
    return get()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "thread '%s' runs no call of a server; a thread that a call has started knows nothing of it"
                        .formatted(Thread.currentThread().getName())));
  }

  /** The call that this thread runs; empty if it runs none. */
  public static Optional<CallContext> get() {
    return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
  }

  /** The name of the server. */
  public String server() {
    return server;
  }

  /** The name of the method. */
  public String method() {
    return method;
  }

  /** What the client's interceptors have sent along. */
  public Map<String, String> metadata() {
    return header.metadata();
  }

  /** What is left of the call's time, never negative; empty for a cast, which nobody waits for. */
  public Optional<Duration> remaining() {
    return hasDeadline()
        ? Optional.of(Duration.ofNanos(Math.max(0, nanosLeft())))
        : Optional.empty();
  }

  /**
   * Whether nobody waits for the call any more: its caller has cancelled it or is gone, or its time is over.
   * The thread was then interrupted, too. What was done so far stays done. A cast, which nobody waits for in
   * the first place, is stopped only when its server is killed.
   */
  public boolean isCancelled() {
    return stopped != null;
  }

  boolean hasDeadline() {
    return header.timeoutMicros() != 0;
  }

  /** Whether the caller's end of the channel is closed, or its node lost. */
  boolean isCallerGone() {
    return Event.poll(caller.closedEvent()).isPresent();
  }

  long nanosLeft() {
    return deadline - clock.nanoTime();
  }

  long call() {
    return header.call();
  }

  /** The servers whose calls wait for those that this call makes. */
  List<Long> chain() {
    return chain;
  }

  /** Why it was stopped; null if it was not. */
  @Nullable Status stopped() {
    return stopped;
  }

  /** What a thread does for this call. */
  interface Work<R extends @Nullable Object> {
    R run() throws Throwable;
  }

  /** Runs the call's code in this thread: it is interrupted if the call is stopped meanwhile. */
  <R extends @Nullable Object> R run(Work<R> work) throws Throwable {
    synchronized (this) {
      runs = Thread.currentThread();
      if (stopped != null) {
        runs.interrupt();
      }
    }
    try {
      return ScopedValue.where(CURRENT, this).call(work::run);
    } finally {
      synchronized (this) {
        runs = null;
        if (stopped != null) {
          Thread.interrupted(); // it was meant for the call
        }
      }
    }
  }

  /** Tells the call to stop; the first reason counts. */
  synchronized void stop(Status why) {
    if (stopped == null) {
      stopped = why;
      if (runs != null) {
        runs.interrupt();
      }
    }
  }

  @Override
  public String toString() {
    return "call '%s' of server '%s'".formatted(method, server);
  }
}
