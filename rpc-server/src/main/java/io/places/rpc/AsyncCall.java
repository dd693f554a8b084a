package io.places.rpc;

import io.places.ChannelClosedException;
import io.places.NodeLostException;
import io.places.PlacesException;
import io.places.Spawner;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/*
 * The answer is brought by a thread for which other messages wait, and what depends on this future is the
 * user's: so that runs in a thread of its own.
 */
/** A call that nobody waits for in its own thread. */
final class AsyncCall<
        C extends RpcCall,
        Q extends RpcRequest<C>,
        P extends RpcReply,
        T extends @Nullable Object>
    extends CompletableFuture<T> {
  private final RpcClient<C, Q, P> client;
  private final C call;
  private final Function<? super P, ? extends T> result;
  private @Nullable Intercepted watched; // set before the call is sent

  private final AtomicBoolean told = new AtomicBoolean(); // who sets it tells the interceptors
  private @Nullable Runnable stop; // guarded by this
  private boolean stopped; // guarded by this

  AsyncCall(RpcClient<C, Q, P> client, C call, Function<? super P, ? extends T> result) {
    this.client = client;
    this.call = call;
    this.result = result;
  }

  AsyncCall<C, Q, P, T> start() {
    var _ = whenComplete((value, failure) -> over());
    try {
      Map<String, String> metadata = new HashMap<>();
      if (!client.options().interceptors().isEmpty()) {
        watched = client.begin(call, false, metadata);
      }
      var budget = Budget.of(client.options(), client.clock());
      send(budget, Map.copyOf(metadata), false);
    } catch (RpcException e) {
      failed(e);
    }
    return this;
  }

  /** Finds the server first, which takes time. */
  private void sendLater(Budget budget, Map<String, String> metadata) {
    try {
      send(budget, metadata, true);
    } catch (RpcException e) {
      failed(e);
    } catch (RuntimeException e) {
      completeExceptionally(e); // the client was closed: nobody else would tell
    }
  }

  private void send(Budget budget, Map<String, String> metadata, boolean mayWait) {
    while (!isDone()) {
      if (!mayWait && client.wiring().isBroken()) {
        Spawner.system().virtual("places-rpc-call", () -> sendLater(budget, metadata));
        return;
      }
      Wire<Q, P> wire = client.wiring().present(call.method(), budget);
      long number = client.wiring().nextCall();
      CompletableFuture<P> answer;
      try {
        answer =
            wire.channel()
                .askAsync(client.request(call, number, budget, metadata), budget.left());
      } catch (ChannelClosedException | NodeLostException e) {
        client.wiring().lost(wire, e);
        continue; // nothing was sent
      } catch (PlacesException e) {
        throw client.notSent(call.method(), e);
      }
      stopBy(
          () -> {
            answer.cancel(true);
            client.wiring().cancel(wire, number, client.cancellation(number));
          });
      var _ = // it never fails: see answered
          answer.whenCompleteAsync(
              (reply, failure) -> answered(wire, number, budget, metadata, reply, failure),
              task -> Spawner.system().virtual("places-rpc-answer", task));
      return;
    }
  }

  private void answered(
      Wire<Q, P> wire,
      long number,
      Budget budget,
      Map<String, String> metadata,
      @Nullable P reply,
      @Nullable Throwable failure) {
    if (isDone()) {
      return; // cancelled
    }
    try {
      P answer = reply != null ? reply : client.refusal(wire, call.method(), cause(failure));
      if (answer == null) {
        throw client.unanswered(call.method(), wire, number, budget, cause(failure));
      }
      wire.listen();
      if (client.toBeRepeated(answer, wire)) {
        send(budget, metadata, true); // this thread is the call's own
        return;
      }
      client.throwIfFailed(answer, call.method(), budget);
      T wanted = result.apply(answer);
      ended(Optional.empty());
      complete(wanted);
    } catch (RpcException e) {
      failed(e);
    } catch (RuntimeException e) {
      completeExceptionally(e); // likewise
    }
  }

  private static PlacesException cause(@Nullable Throwable failure) {
    Throwable thrown = failure instanceof CompletionException ? failure.getCause() : failure;
    return thrown instanceof PlacesException known
        ? known
        : new PlacesException("no answer: " + thrown, thrown);
  }

  private void failed(RpcException e) {
    ended(Optional.of(e));
    completeExceptionally(e);
  }

  private void ended(Optional<RpcException> failure) {
    if (told.compareAndSet(false, true)) {
      tell(failure);
    }
  }

  private void tell(Optional<RpcException> failure) {
    Intercepted seen = watched;
    if (seen != null) {
      seen.ended(failure);
    }
  }

  private void stopBy(Runnable how) {
    synchronized (this) {
      stop = how;
      if (!stopped) {
        return;
      }
    }
    how.run();
  }

  /** This future has ended: with the call, or because somebody here has ended it, by whatever method. */
  private void over() {
    if (!told.compareAndSet(false, true)) {
      return; // the call has ended
    }
    Runnable how;
    synchronized (this) {
      stopped = true;
      how = stop;
    }
    if (how != null) {
      how.run();
    }
    tell(
        Optional.of(
            new RpcException(
                Status.CANCELLED,
                "call '%s' was cancelled, or its future was ended in another way"
                    .formatted(call.method()),
                null)));
  }

  /** A future that depends on this one is an ordinary one. */
  @Override
  public <U extends @Nullable Object> CompletableFuture<U> newIncompleteFuture() {
    return new CompletableFuture<>();
  }
}
