package io.places.rpc;

import io.places.ChannelClosedException;
import io.places.FailureText;
import io.places.MessageNotAllowedException;
import io.places.NodeLostException;
import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.ProtocolException;
import io.places.PutTimeoutException;
import io.places.channel.PlaceChannel;
import io.places.channel.Received;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * A call is answered before the next one has its turn: what it answers may be part of the server's state,
 * which the answer copies.
 *
 * However late a server that ends looks for calls that it has to refuse, one may come between that and the close
 * of the channel, and its caller would not know that it was not begun. So the first message to a client is a
 * greeting, and the last, when every call of the client that was begun has been answered, a farewell: refusals that
 * answer no call. Who finds the channel closed without an answer was refused if the farewell came, or not even the
 * greeting: nobody has read what it sent.
 */
/** One client of a server: its calls in the order in which they came. */
final class Session<C extends RpcCall, Q extends RpcRequest<C>, P extends RpcReply> {
  private static final Logger LOG = LoggerFactory.getLogger(Session.class);

  private final Server<C, Q, P> server;
  private final PlaceChannel<P, Q> client;
  private @Nullable Thread waiting; // for a message or a turn; guarded by this
  private boolean inCode; // this thread runs a call; guarded by this
  private final AtomicInteger owed = new AtomicInteger(); // calls that were begun and not answered

  Session(Server<C, Q, P> server, PlaceChannel<P, Q> client) {
    this.server = server;
    this.client = client;
  }

  /**
   * Serves the client until it has closed its channel, or the server ends. Then the channel is closed; the
   * concurrent calls of a client that is still there have ended by then, or are given up.
   */
  void run() {
    try {
      client.put(failed(Wire.GREETING, "may have begun the call when it ended"));
      while (!server.isOver()) {
        Received<Q, P> next = receive();
        if (next != null) {
          received(next);
        }
      }
      refuseRest();
      sayFarewell();
    } catch (ChannelClosedException | NodeLostException e) {
      LOG.debug("server {}: {}", server.name(), e.getMessage()); // the client is gone
    } catch (Throwable e) {
      LOG.error("server '{}' can serve a client no longer", server.name(), e);
      if (e instanceof Error error && !Faults.isSurvived(error)) {
        server.endWith(error);
      }
    } finally {
      client.close(); // so that nobody waits for what nobody reads
    }
  }

  /** The server ends: no more calls are begun. One under way goes on. */
  synchronized void end() {
    if (waiting != null) {
      waiting.interrupt();
    }
  }

  /**
   * The server is killed: a call that this client's thread runs may never end, so its caller is told now that
   * it waits for nothing, and those behind it that they were not begun.
   */
  void abandon() {
    synchronized (this) {
      if (!inCode) {
        return; // the thread does it itself
      }
    }
    try {
      refuseRest();
    } catch (PlacesException e) {
      LOG.debug("server {}: {}", server.name(), e.getMessage()); // the client is gone
    } finally {
      client.close();
    }
  }

  /** The next message; null if the server may be over. */
  private @Nullable Received<Q, P> receive() {
    if (!beginWaiting(server::isOver)) {
      return null;
    }
    try {
      return client.receive();
    } catch (PlaceInterruptedException e) {
      return null; // if it was the server's end, that is known or will be told again
    } finally {
      endWaiting();
    }
  }

  /** Lets {@link #end} interrupt this thread. Returns false if it is too late to wait. */
  private synchronized boolean beginWaiting(BooleanSupplier tooLate) {
    if (tooLate.getAsBoolean()) {
      return false;
    }
    waiting = Thread.currentThread();
    return true;
  }

  private synchronized void endWaiting() {
    waiting = null;
    Thread.interrupted();
  }

  /** False if the server ends first. */
  private boolean takeTurn(C call) {
    if (!beginWaiting(server::isClosing)) {
      return false;
    }
    boolean taken = false;
    try {
      if (call.isConcurrent()) {
        server.turns().takeTogether();
      } else {
        server.turns().takeAlone();
      }
      taken = true;
    } catch (InterruptedException e) {
      LOG.debug("server {}: ends before '{}' begins", server.name(), call.method());
    } finally {
      endWaiting();
    }
    return taken && mayBegin(call);
  }

  /** Decided under the lock of {@link #end}, so that {@link #abandon} knows what runs here. */
  private synchronized boolean mayBegin(C call) {
    if (!server.isClosing()) {
      inCode = !call.isConcurrent();
      return true;
    }
    if (call.isConcurrent()) {
      server.turns().giveBackTogether();
    } else {
      server.turns().giveBackAlone();
    }
    return false;
  }

  private synchronized void leaveCode() {
    inCode = false;
  }

  private void received(Received<Q, P> received) {
    Q request;
    try {
      request = received.message();
    } catch (ProtocolException e) {
      refuse(received, Status.UNIMPLEMENTED, "cannot read the call: " + e.getMessage());
      return;
    }
    CallHeader header = request.header();
    Optional<C> call = request.call();
    if (call.isEmpty()) {
      server.running().cancel(header.call());
    } else if (received.isQuestion() && header.chain().contains(server.id())) {
      refuse(
          received,
          Status.FAILED_PRECONDITION,
          "was called by a call that waits for it: '%s' would wait for itself; use a cast, or call from outside"
              .formatted(call.get().method()));
    } else {
      inTurn(received, call.get(), context(received, call.get(), header));
    }
  }

  private CallContext context(Received<Q, P> received, C call, CallHeader header) {
    List<Long> chain = new ArrayList<>();
    if (received.isQuestion()) {
      chain.addAll(header.chain());
      chain.add(server.id());
    } // else nobody waits for what a cast does
    return new CallContext(
        server.name(),
        call.method(),
        header,
        List.copyOf(chain),
        server.surroundings().clock(),
        client);
  }

  private void inTurn(Received<Q, P> received, C call, CallContext context) {
    if (!takeTurn(call)) {
      refuse(received, Status.UNAVAILABLE, "ends; '%s' was not begun".formatted(call.method()));
    } else if (call.isConcurrent()) {
      server.start(
          server.name() + "-" + call.method(),
          () -> {
            try {
              run(received, call, context);
            } finally {
              server.turns().giveBackTogether();
            }
          },
          false);
    } else {
      try {
        run(received, call, context);
      } finally {
        leaveCode();
        server.turns().giveBackAlone();
      }
    }
  }

  private void run(Received<Q, P> received, C call, CallContext context) {
    @Nullable P reply;
    if (received.isQuestion()) {
      owed.incrementAndGet();
    }
    server.running().begin(context);
    try {
      reply = new Execution<>(server, call, context, !received.isQuestion()).run();
    } finally {
      server.running().end(context);
      Thread.interrupted(); // what the user's code has left behind
    }
    if (received.isQuestion() && reply != null) {
      answer(received, call, reply);
    }
  }

  private void answer(Received<Q, P> received, C call, P reply) {
    try {
      received.answer(reply);
      owed.decrementAndGet();
    } catch (ChannelClosedException
        | NodeLostException
        | PutTimeoutException
        | PlaceInterruptedException e) {
      LOG.debug("server {}: nobody takes an answer: {}", server.name(), e.getMessage());
    } catch (Throwable e) { // copying it runs the user's code
      if (e instanceof Error error && !Faults.isSurvived(error)) {
        server.endWith(error);
      } else {
        refuse(received, Status.INTERNAL, "ran '%s', but %s".formatted(call.method(), cannot(e)));
        owed.decrementAndGet();
      }
    }
  }

  private static String cannot(Throwable why) {
    String message = FailureText.message(why);
    return why instanceof MessageNotAllowedException
        ? "what it answered cannot travel: " + message
        : "what it answered cannot travel: %s: %s".formatted(why.getClass().getName(), message);
  }

  /** Tells those whose calls wait that they will not be run. */
  private void refuseRest() {
    while (true) {
      try {
        Optional<Q> request = client.poll();
        if (request.isEmpty()) {
          return;
        }
        if (request.get().header().timeoutMicros() != 0) { // a question: what is put now answers it
          client.put(failed(Status.UNAVAILABLE, "ends; the call was not begun"));
        }
      } catch (ProtocolException e) {
        LOG.debug("server {}: a call that cannot be read", server.name(), e);
      }
    }
  }

  private void sayFarewell() {
    if (owed.get() == 0) {
      client.offer(failed(Wire.FAREWELL, "ends; the call was not begun"));
    }
  }

  private void refuse(Received<Q, P> received, Status status, String why) {
    try {
      if (received.isQuestion()) {
        received.answer(failed(status, why));
      } else {
        LOG.warn("server '{}' {}: a cast is dropped", server.name(), why);
      }
    } catch (PlacesException e) {
      LOG.debug("server {}: nobody takes an answer: {}", server.name(), e.getMessage());
    }
  }

  private P failed(Status status, String why) {
    return server
        .protocol()
        .failed()
        .apply(RpcFailure.of(status, "server '%s' %s".formatted(server.name(), why)));
  }
}
