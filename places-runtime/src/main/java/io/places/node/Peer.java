package io.places.node;

import io.places.ChannelClosedException;
import io.places.Clock;
import io.places.GetTimeoutException;
import io.places.InterruptKind;
import io.places.NodeLostException;
import io.places.PlaceFailedException;
import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.place.RunningPlace;
import io.places.wire.Connection;
import io.places.wire.PeerText;
import io.places.wire.proto.ChannelClosed;
import io.places.wire.proto.Control;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * One connection's tables: its channels, the places started over it, the requests without an answer yet.
 * When the connection is over all of them fail with the same reason, and whatever is entered afterwards
 * fails at once.
 */
/** What this node shares with one connected node. Safe for use by many threads. */
final class Peer {
  /** A node answers a request when it has loaded a class; a busy machine takes seconds for that. */
  private static final long ANSWER_LIMIT_SECONDS = 30;

  /** More channels than any sensible program holds open to one node; each costs a few hundred bytes. */
  private static final int MAX_CHANNELS = 4_096;

  private final Connection connection;
  private final AtomicLong nextChannel;
  private final Map<Long, RemoteChannel<?, ?>> channels = new ConcurrentHashMap<>();
  private final Map<Long, RemotePlace<?, ?>> places = new ConcurrentHashMap<>();
  private final Map<Long, RunningPlace> hosted = new ConcurrentHashMap<>();
  private final Map<Long, CompletableFuture<Control>> answers = new ConcurrentHashMap<>();
  private final CompletableFuture<Supplier<PlacesException>> end = new CompletableFuture<>();
  private final CompletableFuture<String> greeted = new CompletableFuture<>();
  private volatile String name = "";
  private volatile String description = "";
  private volatile Supplier<String> fate = () -> "";
  private volatile @Nullable Supplier<PlacesException> lost;

  Peer(Connection connection) {
    this.connection = connection;
    this.nextChannel = new AtomicLong(connection.isConnector() ? 1 : 2);
    this.name = "at " + connection.remote();
    this.description = "the node at " + connection.remote();
  }

  Connection connection() {
    return connection;
  }

  /** The name that the peer gave itself; its address until then. */
  String name() {
    return name;
  }

  /** Completed with the peer's name when it has introduced itself. */
  CompletableFuture<String> greeted() {
    return greeted;
  }

  void introduce(String nodeName, long processId) {
    name = PeerText.escape(nodeName);
    description = "node %s (process %d, %s)".formatted(name, processId, connection.remote());
    greeted.complete(name);
  }

  /** Adds what became of the peer's process to the message of its loss. */
  void fate(Supplier<String> clause) {
    fate = clause;
  }

  /** An id for a channel that this side opens: its parity says who chose it. */
  long newChannelId() {
    return nextChannel.getAndAdd(2);
  }

  void register(RemoteChannel<?, ?> channel) {
    if (channels.size() >= MAX_CHANNELS) {
      throw new PlacesException(
          "%s has %d open channels with this node, the most there may be (a place takes two); end or close some"
              .formatted(description, channels.size()));
    }
    channels.put(channel.id(), channel);
    failIfLost(channel::closedByPeer);
  }

  void register(long channel, RemotePlace<?, ?> place) {
    places.put(channel, place);
    failIfLost(reason -> place.lost(reason, false));
  }

  /** Waits up to a limit for the last words of the places that were started there. */
  void awaitPlaces(Duration limit, Clock clock) {
    long start = clock.nanoTime();
    for (RemotePlace<?, ?> place : List.copyOf(places.values())) {
      long left = Math.max(0, limit.toNanos() - (clock.nanoTime() - start));
      try {
        place.handle().join(Duration.ofNanos(left));
      } catch (GetTimeoutException e) {
        // it runs on, and is about to be ended
      }
    }
  }

  /** A place that runs here for the peer. */
  void host(long channel, RunningPlace place) {
    hosted.put(channel, place);
    failIfLost(reason -> place.interrupt(InterruptKind.HANG_UP));
  }

  @Nullable RunningPlace hosted(long channel) {
    return hosted.get(channel);
  }

  void unhost(long channel) {
    hosted.remove(channel);
  }

  @Nullable RemoteChannel<?, ?> channel(long id) {
    return channels.get(id);
  }

  @Nullable RemoteChannel<?, ?> remove(long id) {
    return channels.remove(id);
  }

  @Nullable RemotePlace<?, ?> removePlace(long channel) {
    return places.remove(channel);
  }

  /** Sends a request about a channel and waits for its answer. */
  Control ask(long channel, Control request) {
    return ask(channel, request, Duration.ZERO);
  }

  /**
   * As {@link #ask(long, Control)}.
   *
   * @param waiting what the request itself lets the peer wait
   */
  Control ask(long channel, Control request, Duration waiting) {
    long limit = ANSWER_LIMIT_SECONDS + waiting.toSeconds();
    var answer = new CompletableFuture<Control>();
    answers.put(channel, answer);
    failIfLost(reason -> answer.completeExceptionally(reason.get()));
    connection.control(request);
    try {
      return answer.get(limit, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      Supplier<PlacesException> reason = lost;
      throw reason == null ? new PlacesException("the request failed", e) : reason.get();
    } catch (TimeoutException e) {
      throw new NodeLostException(
          "%s did not answer a request within %d s; unknown whether it was carried out"
              .formatted(description, limit));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException(
          "interrupted while waiting for an answer from " + description, e);
    } finally {
      answers.remove(channel);
    }
  }

  void answer(long channel, Control answer) {
    CompletableFuture<Control> waiting = answers.get(channel);
    if (waiting != null) {
      waiting.complete(answer);
    }
  }

  /** Our holder has closed an end. */
  void closeChannel(RemoteChannel<?, ?> channel, @Nullable PlacesException cause) {
    if (channels.remove(channel.id()) == null) {
      return; // the peer knows, or is gone
    }
    var closed = ChannelClosed.newBuilder().setChannel(channel.id());
    if (cause instanceof PlaceFailedException failure) {
      closed.setFailure(Failures.toWire(failure));
    } else if (cause != null && !(cause instanceof ChannelClosedException end && end.isOrderly())) {
      closed.setReason(Failures.cut(String.valueOf(cause.getMessage()), 4_000));
      if (cause.getCause() instanceof PlaceFailedException failure) {
        closed.setFailure(Failures.toWire(failure));
      }
    }
    connection.control(channel.lane(), Control.newBuilder().setChannelClosed(closed).build());
  }

  /** The connection is over. */
  void lost(String reason, boolean mayStillRun) {
    Supplier<PlacesException> why =
        () -> {
          String clause = fate.get();
          return new NodeLostException(
              "%s was lost: the connection %s%s; unknown whether what was under way there was done"
                  .formatted(description, reason, clause.isEmpty() ? "" : ", " + clause));
        };
    lost = why;
    places.values().forEach(place -> place.lost(why, mayStillRun));
    places.clear();
    channels.values().forEach(channel -> channel.closedByPeer(why));
    channels.clear();
    hosted.values().forEach(place -> place.interrupt(InterruptKind.HANG_UP));
    hosted.clear();
    answers.values().forEach(answer -> answer.completeExceptionally(new NodeLostException(reason)));
    greeted.completeExceptionally(new NodeLostException(reason));
    end.complete(why);
  }

  /** Completed with the reason when the connection is over. */
  CompletableFuture<Supplier<PlacesException>> end() {
    return end;
  }

  boolean isLost() {
    return lost != null;
  }

  /** Throws if the connection is over. */
  void requireAlive() {
    Supplier<PlacesException> reason = lost;
    if (reason != null) {
      throw reason.get();
    }
  }

  private void failIfLost(Consumer<Supplier<PlacesException>> entered) {
    Supplier<PlacesException> reason = lost;
    if (reason != null) {
      entered.accept(reason);
    }
  }

  @Override
  public String toString() {
    return description;
  }
}
