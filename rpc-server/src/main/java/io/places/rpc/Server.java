package io.places.rpc;

import io.places.ChannelClosedException;
import io.places.InterruptKind;
import io.places.NodeLostException;
import io.places.PlaceInterruptedException;
import io.places.Surroundings;
import io.places.channel.PlaceChannel;
import io.places.event.Event;
import io.places.node.Node;
import io.places.place.CurrentPlace;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/*
 * Each client has a thread here that reads its calls and runs them itself when it is their turn: nothing is
 * handed from thread to thread. Only concurrent calls get a thread of their own.
 *
 * Platform threads, because the user's code may compute or wait as it likes; a server with very many clients
 * has virtual ones for the rest.
 */
/** One life of a server. */
final class Server<C extends RpcCall, Q extends RpcRequest<C>, P extends RpcReply> {
  private static final int PLATFORM_THREADS = 64;

  /** How often a server that ends looks for clients that have come too late. */
  private static final Duration LOOK_FOR_CLIENTS = Duration.ofMillis(10);

  /** The user's code. */
  @FunctionalInterface
  interface Code<C, P> {
    @Nullable P run(C call) throws Exception;
  }

  private final RpcProtocol<C, Q, P> protocol;
  private final Code<C, P> code;
  private final List<Interceptor> interceptors;
  private final Surroundings surroundings = Node.current().surroundings();
  private final String name = CurrentPlace.get().map(CurrentPlace::place).orElseThrow();
  private final long id = surroundings.random().nextLong();
  private final Turns turns = new Turns();
  private final RunningCalls running =
      new RunningCalls(surroundings.clock(), surroundings.spawner());
  private final Set<Thread> threads = ConcurrentHashMap.newKeySet();
  private final Set<Session<C, Q, P>> sessions = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable Error> fatal = new AtomicReference<>();
  private final Thread main = Thread.currentThread();
  private volatile @Nullable PlaceChannel<Void, PlaceChannel<P, Q>> clients;
  private volatile boolean closing; // no call begins any more
  private volatile boolean over; // and none of them will be answered

  Server(RpcProtocol<C, Q, P> protocol, Code<C, P> code, List<Interceptor> interceptors) {
    this.protocol = protocol;
    this.code = code;
    this.interceptors = List.copyOf(interceptors);
  }

  /** Takes clients until the place is told to end. */
  void serve(PlaceChannel<Void, PlaceChannel<P, Q>> clients) {
    this.clients = clients;
    boolean inOrder = false;
    try {
      while (true) {
        accept(clients.get());
      }
    } catch (ChannelClosedException e) {
      inOrder = e.isOrderly();
      throw e;
    } catch (PlaceInterruptedException e) {
      Thread.interrupted();
      inOrder = e.kind() == InterruptKind.TERMINATE && !isKilled(clients);
      if (!inOrder) {
        throw e;
      }
    } finally {
      end(inOrder, clients);
    }
  }

  /** A place that is killed finds its channel closed; one that is told to end does not. */
  private boolean isKilled(PlaceChannel<Void, PlaceChannel<P, Q>> clients) {
    try {
      clients.poll().ifPresent(this::accept); // to be refused
      return false;
    } catch (ChannelClosedException e) {
      return true;
    }
  }

  private void accept(PlaceChannel<P, Q> client) {
    var session = new Session<>(this, client);
    sessions.add(session);
    Runnable work =
        () -> {
          try {
            session.run();
          } finally {
            sessions.remove(session);
          }
        };
    start(name + "-client", work, threads.size() < PLATFORM_THREADS);
  }

  /** Starts a thread whose end the server's waits for. */
  void start(String title, Runnable work, boolean platform) {
    Runnable known =
        () -> {
          try {
            work.run();
          } finally {
            threads.remove(Thread.currentThread());
          }
        };
    Thread thread =
        platform
            ? surroundings.spawner().platform(title, known)
            : surroundings.spawner().virtual(title, known);
    threads.add(thread);
    if (!thread.isAlive()) {
      threads.remove(thread);
    }
  }

  /*
   * Until the last call has ended, the clients' threads go on: they refuse what comes. So a client is
   * told at once that its call was not begun, also while another one's runs for long.
   */
  private void end(boolean inOrder, PlaceChannel<Void, PlaceChannel<P, Q>> clients) {
    closing = true;
    sessions.forEach(Session::end);
    boolean interrupted = Thread.interrupted();
    boolean finished = inOrder && !interrupted && finishCalls(clients);
    over = true;
    acceptLate(clients);
    if (!finished) {
      running.stopAll(Status.UNKNOWN_OUTCOME);
      sessions.forEach(Session::abandon);
    }
    sessions.forEach(Session::end);
    interrupted |= Thread.interrupted();
    for (Thread thread : threads) {
      interrupted |= !joined(thread, !finished || interrupted);
    }
    if (interrupted) {
      main.interrupt();
    }
    Error error = fatal.get();
    if (error != null) {
      throw error;
    }
  }

  /** Waits until no call runs. Returns false if this thread is interrupted first: the place is being killed. */
  private boolean finishCalls(PlaceChannel<Void, PlaceChannel<P, Q>> clients) {
    boolean mayCome = true;
    try {
      while (!turns.takeAlone(LOOK_FOR_CLIENTS)) {
        mayCome = mayCome && acceptLate(clients);
      }
      return true;
    } catch (InterruptedException e) {
      main.interrupt();
      return false;
    }
  }

  /** Clients that find the server while it ends are to be refused as others are. False if no more can come. */
  private boolean acceptLate(PlaceChannel<Void, PlaceChannel<P, Q>> clients) {
    try {
      for (var client = clients.poll(); client.isPresent(); client = clients.poll()) {
        accept(client.get());
      }
      return true;
    } catch (ChannelClosedException | NodeLostException e) {
      return false;
    }
  }

  /** Waits for a thread's end; once this thread is interrupted itself, its place is being killed. */
  private boolean joined(Thread thread, boolean hurry) {
    boolean undisturbed = true;
    boolean now = hurry;
    while (thread.isAlive()) {
      if (now) {
        running.stopAll(Status.UNKNOWN_OUTCOME);
        sessions.forEach(Session::abandon);
        thread.interrupt();
      }
      try {
        thread.join();
      } catch (InterruptedException e) {
        undisturbed = false;
        now = true;
      }
    }
    return undisturbed;
  }

  /** An error that no server survives, such as a {@code Place.exit}: the place ends with it. */
  void endWith(Error error) {
    fatal.compareAndSet(null, error);
    closing = true;
    main.interrupt();
  }

  boolean isClosing() {
    return closing;
  }

  /** Whether the place is being killed: its threads are interrupted before this server hears of it. */
  boolean isKilled() {
    PlaceChannel<Void, PlaceChannel<P, Q>> mine = clients;
    return mine != null
        && Event.poll(mine.closedEvent())
            .map(why -> !(why instanceof ChannelClosedException closed && closed.isOrderly()))
            .orElse(false);
  }

  /** Whether all calls have ended, or nobody waits for their end: what comes now is not even refused. */
  boolean isOver() {
    return over;
  }

  RpcProtocol<C, Q, P> protocol() {
    return protocol;
  }

  Code<C, P> code() {
    return code;
  }

  List<Interceptor> interceptors() {
    return interceptors;
  }

  Surroundings surroundings() {
    return surroundings;
  }

  String name() {
    return name;
  }

  /** Of this life; other servers, and other lives of this one, have others. */
  long id() {
    return id;
  }

  Turns turns() {
    return turns;
  }

  RunningCalls running() {
    return running;
  }
}
