package io.places.rpc;

import io.places.ChannelClosedException;
import io.places.Clock;
import io.places.NamedPlaceNotFoundException;
import io.places.PlaceInterruptedException;
import io.places.PlaceRestartedException;
import io.places.PlacesException;
import io.places.Spawner;
import io.places.channel.PlaceChannel;
import io.places.place.NamedChannel;
import io.places.place.PlaceLocation;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * A wire leads to one life of the server. When it is found broken, the server is looked for anew: once for
 * all callers, in a thread of its own, because a caller has a limit of its own and finding a server on a
 * silent node may take longer.
 *
 * `seen` is the life that the callers know of. The first call that finds a later one says so instead of
 * being sent.
 */
/** How a client reaches its server, through all the lives of that. Safe for use by many threads. */
final class Wiring<Q, P> implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Wiring.class);

  /** Between two looks for a server that is not there. A node that is just launched anew takes longer. */
  private static final Duration PAUSE = Duration.ofMillis(20);

  /** Numbers begin anywhere, so that those of two clients do not meet; 56 bits take 8 bytes on the wire. */
  private static final long NUMBERS = 1L << 56;

  private final Supplier<? extends PlaceLocation> at;
  private final String server;
  private final Class<Q> requests;
  private final Class<P> replies;
  private final ClientOptions options;
  private final Clock clock;
  private final AtomicLong calls =
      new AtomicLong(ThreadLocalRandom.current().nextLong(1, NUMBERS / 2));
  private final AtomicReference<Wire<Q, P>> seen;
  private final AtomicLong lateBefore = new AtomicLong();
  private final Queue<Runnable> cancellations = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean telling = new AtomicBoolean();

  private volatile Wire<Q, P> present;
  private @Nullable CompletableFuture<Wire<Q, P>> search; // guarded by this
  private volatile boolean closed;

  private Wiring(
      Supplier<? extends PlaceLocation> at,
      String server,
      Class<Q> requests,
      Class<P> replies,
      ClientOptions options,
      Clock clock,
      NamedChannel<Q, P> first) {
    this.at = at;
    this.server = server;
    this.requests = requests;
    this.replies = replies;
    this.options = options;
    this.clock = clock;
    this.present = new Wire<>(0, first.epoch(), first.channel());
    this.seen = new AtomicReference<>(present);
  }

  static <Q, P> Wiring<Q, P> connect(
      Supplier<? extends PlaceLocation> at,
      String server,
      Class<Q> requests,
      Class<P> replies,
      ClientOptions options,
      Clock clock) {
    try {
      NamedChannel<Q, P> first =
          find(at, server, requests, replies, options.waits() ? options.deadline() : Duration.ZERO);
      return new Wiring<>(at, server, requests, replies, options, clock, first);
    } catch (NamedPlaceNotFoundException e) {
      throw new RpcException(
          Status.NOT_FOUND, "no server '%s': %s".formatted(server, e.getMessage()), e);
    } catch (RpcException | PlaceInterruptedException e) {
      throw e;
    } catch (PlacesException e) {
      throw new RpcException(
          Status.UNAVAILABLE, "server '%s' cannot be reached: %s".formatted(server, e.getMessage()), e);
    }
  }

  private static <Q, P> NamedChannel<Q, P> find(
      Supplier<? extends PlaceLocation> at,
      String server,
      Class<Q> requests,
      Class<P> replies,
      Duration waiting) {
    return at.get().find(server, requests, replies, waiting);
  }

  String server() {
    return server;
  }

  /** A number for a call that no other call to the server has. */
  long nextCall() {
    return calls.incrementAndGet();
  }

  /**
   * A wire that is not known to be broken.
   *
   * @throws RpcException if there is none within the call's time, or its server is not the one that the callers
   *     know; nothing was sent then
   */
  Wire<Q, P> present(String method, Budget budget) {
    Wire<Q, P> wire = present;
    if (wire.isLost()) {
      wire = awaitNext(wire, method, budget);
    }
    Wire<Q, P> known = seen.get();
    while (wire.turn() > known.turn() && !seen.compareAndSet(known, wire)) {
      known = seen.get(); // another caller may know a later one already: never back from that
    }
    if (wire.turn() > known.turn() && wire.epoch() != known.epoch() && options.tellsRestarts()) {
      String message =
          "server '%s' was started anew and is in epoch %d; epoch %d was the last seen here: what it knew is lost; call '%s' was not sent"
              .formatted(server, wire.epoch(), known.epoch(), method);
      throw new RpcException(
          Status.RESTARTED, message, new PlaceRestartedException(message, wire.epoch()));
    }
    return wire;
  }

  /** Whether {@link #present} would have to look for the server. */
  boolean isBroken() {
    return present.isLost();
  }

  boolean isClosed() {
    return closed;
  }

  /** A wire was found broken. */
  void lost(Wire<Q, P> wire, PlacesException why) {
    if (!wire.isLost()) {
      LOG.debug("server '{}', epoch {}: {}", server, wire.epoch(), why.getMessage());
      if (why instanceof ChannelClosedException) {
        wire.serverEnds(); // it closes a client's channel when it ends, and may be found a moment longer
      } else {
        wire.lose();
      }
    }
  }

  private Wire<Q, P> awaitNext(Wire<Q, P> lost, String method, Budget budget) {
    while (true) {
      CompletableFuture<Wire<Q, P>> found = search(lost, budget.left());
      try {
        return found.get(budget.left().toNanos(), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        throw unavailable(method, "it was not found again within " + budget, e);
      } catch (ExecutionException e) {
        Throwable why = e.getCause() == null ? e : e.getCause();
        if (options.waits() && why instanceof PlacesException && !budget.left().isZero()) {
          continue; // that search was for a call with less time
        }
        throw unavailable(method, String.valueOf(why.getMessage()), why);
      } catch (InterruptedException e) {
        throw interrupted(method, e);
      }
    }
  }

  private RpcException interrupted(String method, InterruptedException e) {
    Thread.currentThread().interrupt();
    return new RpcException(
        Status.CANCELLED,
        false,
        "call '%s' of server '%s' was not sent because its thread was interrupted"
            .formatted(method, server),
        e,
        null);
  }

  private RpcException unavailable(String method, String why, Throwable cause) {
    return new RpcException(
        Status.UNAVAILABLE,
        "call '%s' was not sent: server '%s' is not there; %s".formatted(method, server, why),
        cause);
  }

  /** The search for the next life, which all callers share; it has the time of the one that begins it. */
  private synchronized CompletableFuture<Wire<Q, P>> search(Wire<Q, P> lost, Duration limit) {
    if (closed) {
      throw new IllegalStateException("this client of server '%s' was closed".formatted(server));
    }
    if (!present.equals(lost)) {
      return CompletableFuture.completedFuture(present);
    }
    CompletableFuture<Wire<Q, P>> under = search;
    if (under == null) {
      under = new CompletableFuture<>();
      search = under;
      CompletableFuture<Wire<Q, P>> result = under;
      Spawner.system().virtual("places-rpc-search", () -> search(lost, limit, result));
    }
    return under;
  }

  private void search(
      Wire<Q, P> lost, Duration limit, CompletableFuture<Wire<Q, P>> result) {
    try {
      NamedChannel<Q, P> found = options.waits() ? await(lost, limit) : lookPast(lost, Duration.ZERO);
      var next = new Wire<Q, P>(lost.turn() + 1, found.epoch(), found.channel());
      synchronized (this) {
        search = null;
        if (!closed) {
          lateBefore.addAndGet(lost.channel().lateAnswers());
          present = next;
        }
      }
      if (closed) {
        next.close();
      }
      if (!lost.isServerEnding()) { // else calls that run there are still answered
        lost.close();
      }
      result.complete(next);
    } catch (Throwable e) {
      synchronized (this) {
        search = null;
      }
      result.completeExceptionally(e);
    }
  }

  private NamedChannel<Q, P> look(Duration waiting) {
    return find(at, server, requests, replies, waiting);
  }

  /** Does not find a life that is just ending. */
  private NamedChannel<Q, P> lookPast(Wire<Q, P> lost, Duration waiting) {
    NamedChannel<Q, P> found = look(waiting);
    if (lost.isServerEnding() && found.epoch() == lost.epoch()) {
      found.channel().close();
      throw new PlacesException("it is just ending");
    }
    return found;
  }

  /** Looks again and again: the place may be starting, or its node. */
  private NamedChannel<Q, P> await(Wire<Q, P> lost, Duration time) {
    long start = clock.nanoTime();
    long limit = time.toNanos();
    while (true) {
      long left = limit - (clock.nanoTime() - start);
      try {
        return lookPast(lost, Duration.ofNanos(Math.max(0, left)));
      } catch (PlacesException e) {
        if (closed || left <= 0) {
          throw e;
        }
        clock.park(this, PAUSE.toNanos());
      }
    }
  }

  /** Has the server told that nobody waits for a call any more; does not wait for that. */
  void cancel(Wire<Q, P> wire, long number, Q cancellation) {
    cancellations.add(() -> tell(wire, number, cancellation));
    if (telling.compareAndSet(false, true)) {
      Spawner.system().virtual("places-rpc-cancel", this::tellAll);
    }
  }

  /** In the order in which they were asked for, and by one thread: there may be many at once. */
  private void tellAll() {
    do {
      for (Runnable next = cancellations.poll(); next != null; next = cancellations.poll()) {
        next.run();
      }
      telling.set(false);
    } while (!cancellations.isEmpty() && telling.compareAndSet(false, true));
  }

  private void tell(Wire<Q, P> wire, long number, Q cancellation) {
    try {
      if (!wire.isLost() && !wire.tell(cancellation, () -> detour(wire))) {
        LOG.debug("server '{}' could not be told that call {} is over", server, number);
      }
    } catch (PlacesException e) {
      LOG.debug("server '{}' could not be told that call {} is over", server, number, e);
    }
  }

  private @Nullable PlaceChannel<Q, P> detour(Wire<Q, P> wire) {
    NamedChannel<Q, P> found = look(Duration.ZERO);
    if (found.epoch() == wire.epoch() && !closed) {
      return found.channel();
    }
    found.channel().close();
    return null;
  }

  long lateReplies() {
    return lateBefore.get() + present.channel().lateAnswers();
  }

  @Override
  public void close() {
    Wire<Q, P> last;
    synchronized (this) {
      closed = true;
      last = present;
    }
    last.lose();
    last.close();
  }
}
