package io.places.rpc;

import io.places.ChannelClosedException;
import io.places.Clock;
import io.places.GetTimeoutException;
import io.places.MessageNotAllowedException;
import io.places.NodeLostException;
import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.ProtocolException;
import io.places.PutTimeoutException;
import io.places.channel.Asked;
import io.places.place.PlaceLocation;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What generated clients call with. Safe for use by many threads: each gets the answers to its own calls.
 *
 * @param <C> the calls of the server
 * @param <Q> its requests
 * @param <P> its replies
 */
public final class RpcClient<C extends RpcCall, Q extends RpcRequest<C>, P extends RpcReply>
    implements AutoCloseable {
  private final RpcProtocol<C, Q, P> protocol;
  private final ClientOptions options;
  private final Wiring<Q, P> wiring;
  private final Clock clock;

  private RpcClient(
      RpcProtocol<C, Q, P> protocol, ClientOptions options, Wiring<Q, P> wiring, Clock clock) {
    this.protocol = protocol;
    this.options = options;
    this.wiring = wiring;
    this.clock = clock;
  }

  /**
   * Finds a server.
   *
   * @param at where it is, asked anew each time that it is looked for
   * @throws RpcException NOT_FOUND if no server has the name there, UNAVAILABLE if the node is lost
   */
  public static <C extends RpcCall, Q extends RpcRequest<C>, P extends RpcReply>
      RpcClient<C, Q, P> connect(
          RpcProtocol<C, Q, P> protocol,
          Supplier<? extends PlaceLocation> at,
          ClientOptions options) {
    Clock clock = Clock.system();
    var wiring =
        Wiring.connect(
            at,
            options.name().orElse(protocol.server()),
            protocol.requests(),
            protocol.replies(),
            options,
            clock);
    return new RpcClient<>(protocol, options, wiring, clock);
  }

  /** The same client with another deadline for each call; closing one closes both. */
  public RpcClient<C, Q, P> withDeadline(Duration deadline) {
    return new RpcClient<>(protocol, options.deadline(deadline), wiring, clock);
  }

  /**
   * Calls and waits for the answer.
   *
   * @return the reply to the call; none that says that it failed
   * @throws RpcException if it failed
   */
  public P call(C call) {
    if (options.interceptors().isEmpty()) {
      return exchange(call, Map.of());
    }
    Map<String, String> metadata = new HashMap<>();
    Intercepted watched = begin(call, false, metadata);
    try {
      P reply = exchange(call, Map.copyOf(metadata));
      watched.ended(Optional.empty());
      return reply;
    } catch (RpcException e) {
      watched.ended(Optional.of(e));
      throw e;
    }
  }

  /**
   * Calls without waiting. The future fails with the {@link RpcException} that {@link #call} would throw;
   * so does what can be known at once. Cancelling it, or ending it in another way such as {@code orTimeout},
   * tells the server to stop. While about {@link io.places.channel.PlaceChannel#CREDIT_MESSAGES} calls of this
   * client wait at the server this does wait, within the deadline, so that no number of calls fills the
   * server's memory. What depends on it runs in a
   * thread of its own.
   *
   * @param result makes what is wanted of the reply
   */
  public <T extends @Nullable Object> CompletableFuture<T> callAsync(
      C call, Function<? super P, ? extends T> result) {
    return new AsyncCall<C, Q, P, T>(this, call, result).start();
  }

  /**
   * Sends a cast. It is run at most once; whether it is, nobody tells.
   *
   * @throws RpcException if it was not sent
   */
  public void cast(C call) {
    if (options.interceptors().isEmpty()) {
      send(call, Map.of());
      return;
    }
    Map<String, String> metadata = new HashMap<>();
    Intercepted watched = begin(call, true, metadata);
    try {
      send(call, Map.copyOf(metadata));
      watched.ended(Optional.empty());
    } catch (RpcException e) {
      watched.ended(Optional.of(e));
      throw e;
    }
  }

  /** The failure of a generated client that got the reply to another call. */
  public static RpcException unexpected(RpcReply reply) {
    return new RpcException(
        Status.INTERNAL,
        "the server answered with a %s, which is no reply to this call; do client and server have different versions of its class?"
            .formatted(reply.getClass().getName()),
        null);
  }

  /**
   * How many replies came that nobody waited for any more. What was lost with its connection does not come: a
   * server that stands still for so long that it is given up counts as gone, and is not heard of again.
   */
  public long lateReplies() {
    return wiring.lateReplies();
  }

  /** Closes the client. Calls under way fail; the server lives on. */
  @Override
  public void close() {
    wiring.close();
  }

  private P exchange(C call, Map<String, String> metadata) {
    var budget = Budget.of(options, clock);
    if (Thread.currentThread().isInterrupted()) { // whether the server is near or far
      throw new RpcException(
          Status.CANCELLED,
          false,
          "%s was not sent because its thread was interrupted".formatted(describe(call.method())),
          null,
          null);
    }
    while (true) {
      Wire<Q, P> wire = wiring.present(call.method(), budget);
      long number = wiring.nextCall();
      Asked<P> asked;
      try {
        asked = wire.channel().pose(request(call, number, budget, metadata), budget.left());
      } catch (ChannelClosedException | NodeLostException e) {
        wiring.lost(wire, e);
        continue; // nothing was sent
      } catch (PlacesException e) {
        throw notSent(call.method(), e);
      }
      P reply = answer(call, wire, number, asked, budget);
      if (!toBeRepeated(reply, wire)) {
        throwIfFailed(reply, call.method(), budget);
        return reply;
      }
    }
  }

  /** Whether the server has not begun the call because it ends, and the call is to wait for its next life. */
  boolean toBeRepeated(P reply, Wire<Q, P> wire) {
    if (reply instanceof RpcReply.Failed failed
        && failed.failure().status() == Status.UNAVAILABLE) {
      wire.serverEnds();
      return options.waits();
    }
    return false;
  }

  private P answer(C call, Wire<Q, P> wire, long number, Asked<P> asked, Budget budget) {
    try {
      P reply = asked.answer(budget.left());
      wire.listen();
      return reply;
    } catch (PlacesException e) {
      P refusal = refusal(wire, call.method(), e);
      if (refusal != null) {
        return refusal;
      }
      throw unanswered(call.method(), wire, number, budget, e);
    }
  }

  /** The answer to a call that the server has not begun because it has ended; null if it may have begun it. */
  @Nullable P refusal(Wire<Q, P> wire, String method, PlacesException why) {
    boolean ended = why instanceof ChannelClosedException || why instanceof NodeLostException;
    return ended && wire.hasBegunNone(why)
        ? protocol
            .failed()
            .apply(
                RpcFailure.of(
                    Status.UNAVAILABLE,
                    "%s was not begun: the server has ended".formatted(describe(method))))
        : null;
  }

  /** What a failure after the question was sent means. */
  RpcException unanswered(
      String method, Wire<Q, P> wire, long number, Budget budget, PlacesException e) {
    return switch (e) {
      case GetTimeoutException timeout -> {
        wiring.cancel(wire, number, cancellation(number));
        yield new RpcException(
            Status.DEADLINE_EXCEEDED,
            "%s was not answered within %s; it may still run, but was told to stop"
                .formatted(describe(method), budget),
            timeout);
      }
      case PlaceInterruptedException interrupted -> {
        wiring.cancel(wire, number, cancellation(number));
        yield new RpcException(
            Status.CANCELLED,
            "%s was given up because its thread was interrupted; it was told to stop"
                .formatted(describe(method)),
            interrupted);
      }
      case ProtocolException unreadable ->
          new RpcException(
              Status.INTERNAL,
              "%s was answered with something that cannot be read here: %s"
                  .formatted(describe(method), e.getMessage()),
              unreadable);
      default -> {
        wiring.lost(wire, e);
        String why =
            wiring.isClosed()
                ? "this client was closed: it was told to stop, and may have run, in whole or in part"
                : "epoch %d of the server went away: it may have run, in whole or in part; %s"
                    .formatted(wire.epoch(), e.getMessage());
        yield new RpcException(
            Status.UNKNOWN_OUTCOME,
            "%s was under way when %s".formatted(describe(method), why),
            e);
      }
    };
  }

  /** What a failure before anything was sent means. */
  RpcException notSent(String method, PlacesException e) {
    return switch (e) {
      case RpcException already -> already;
      case MessageNotAllowedException wrong ->
          new RpcException(
              Status.INVALID_ARGUMENT,
              "%s was not sent: %s".formatted(describe(method), e.getMessage()),
              wrong);
      case PutTimeoutException full ->
          new RpcException(
              Status.DEADLINE_EXCEEDED,
              false,
              "%s was not sent within its time, because so many calls wait at the server: %s"
                  .formatted(describe(method), e.getMessage()),
              full,
              null);
      case PlaceInterruptedException interrupted ->
          new RpcException(
              Status.CANCELLED,
              false,
              "%s was not sent because its thread was interrupted".formatted(describe(method)),
              interrupted,
              null);
      default ->
          new RpcException(
              Status.UNAVAILABLE,
              "%s was not sent: %s".formatted(describe(method), e.getMessage()),
              e);
    };
  }

  void throwIfFailed(P reply, String method, Budget budget) {
    if (reply instanceof RpcReply.Failed failed) {
      RpcFailure failure = failed.failure();
      if (failure.status() == Status.DEADLINE_EXCEEDED && budget.isOver()) { // the server was quicker to say so
        throw new RpcException(
            Status.DEADLINE_EXCEEDED,
            Status.DEADLINE_EXCEEDED.mayHaveRun(),
            "%s was not answered within %s: %s".formatted(describe(method), budget, failure.message()),
            null,
            null);
      }
      throw failure.exception();
    }
    if (reply instanceof RpcReply.Declared declared) {
      throw declared.error().exception();
    }
  }

  private void send(C call, Map<String, String> metadata) {
    var budget = Budget.of(options, clock);
    while (true) {
      Wire<Q, P> wire = wiring.present(call.method(), budget);
      var header = new CallHeader(wiring.nextCall(), 0, List.of(), metadata);
      try {
        wire.channel().put(protocol.request().apply(header, Optional.of(call)), budget.left());
        return;
      } catch (ChannelClosedException | NodeLostException e) {
        wiring.lost(wire, e);
      } catch (PlacesException e) {
        throw notSent(call.method(), e);
      }
    }
  }

  Intercepted begin(C call, boolean cast, Map<String, String> metadata) {
    return Intercepted.begin(
        options.interceptors(),
        new InterceptedCall(
            InterceptedCall.Side.CLIENT, wiring.server(), call.method(), cast, metadata));
  }

  Q request(C call, long number, Budget budget, Map<String, String> metadata) {
    return protocol
        .request()
        .apply(
            new CallHeader(number, budget.micros(), budget.chain(), metadata), Optional.of(call));
  }

  Q cancellation(long number) {
    return protocol
        .request()
        .apply(new CallHeader(number, 0, List.of(), Map.of()), Optional.empty());
  }

  private String describe(String method) {
    return "call '%s' of server '%s'".formatted(method, wiring.server());
  }

  ClientOptions options() {
    return options;
  }

  Wiring<Q, P> wiring() {
    return wiring;
  }

  Clock clock() {
    return clock;
  }

  @Override
  public String toString() {
    return "client of server '%s'".formatted(wiring.server());
  }
}
