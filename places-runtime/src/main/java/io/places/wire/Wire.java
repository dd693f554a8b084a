package io.places.wire;

import io.places.LogContext;
import io.places.NodeLostException;
import io.places.PlaceInterruptedException;
import io.places.ProtocolException;
import io.places.Surroundings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * All connections of one node, and the rules that hold for all of them: who may connect, how many may be
 * in their handshake, how long one may be silent.
 *
 * A ticker on a thread of its own sends the heartbeats and looks at the clock, so that neither a busy
 * place nor a busy event loop makes a living node look dead, and a dead one look alive.
 *
 * A process that stood still (a SIGSTOP, a container that is held) for longer than the silence limit has been
 * given up by its peers, which may have started its places elsewhere. When it runs on it must not say a word
 * more on its old connections. Any of its threads may be the first to run, so each write looks first at
 * when the ticker was last seen, and the ticker, when it finds the gap, takes the old connections' voice
 * before it marks the time: until then nobody writes, and afterwards only new connections do.
 *
 * When too many handshakes are under way the oldest gives way, not the newest: an honest one is over in
 * milliseconds, so the oldest belongs to somebody who only holds the door.
 */
/** Accepts and opens authenticated connections. Safe for use by many threads. */
public final class Wire implements AutoCloseable {
  /** Silence that ends a connection: an outage of 3 s, and TCP's late retransmission, stay below. */
  static final Duration SILENCE_LIMIT = Duration.ofSeconds(7);

  /**
   * A peer that has got nothing new for this long, though a heartbeat is sent each second, does not hear this node;
   * it closes the connection because of that at {@link #SILENCE_LIMIT}, a second more or less.
   */
  static final Duration DEAF_LIMIT = Duration.ofSeconds(5);

  /** A stranger is out within 5 s, also where this process does not get on for a while. */
  static final Duration HANDSHAKE_LIMIT = Duration.ofSeconds(4);

  /**
   * Of the first handshake of a launched node. Its JVM has just started, perhaps on a machine with much else to
   * do; its owner, who alone knows where it listens, gives up by itself; and there is no peer yet that a
   * stranger could keep from anything.
   */
  static final Duration FIRST_HANDSHAKE_LIMIT = Duration.ofMinutes(1);

  private static final String HEARTBEAT = "places-heartbeat";
  private static final Duration HEARTBEAT_PERIOD = Duration.ofSeconds(1);

  /** A flood of strangers must not become a flood of log lines. */
  private static final Duration TELL_PERIOD = Duration.ofSeconds(1);

  static final int MAX_HALF_OPEN = 64;
  static final int MAX_HALF_OPEN_OF_ONE_ADDRESS = 16;

  /** More nodes than a cluster has; each connection costs a descriptor and some hundred kilobytes. */
  static final int MAX_CONNECTIONS = 1_024;

  /** Of the heap, for messages that nobody has got yet, on all connections together. */
  private static final long BUDGET = Runtime.getRuntime().maxMemory() / 4;

  private static final Logger LOG = LoggerFactory.getLogger(Wire.class);

  private final Surroundings surroundings;
  private final Transport transport;
  private final ClusterKey key;
  private final String name;
  private final NodeIdentity self;
  private final ConnectionListener listener;
  private final AtomicLong held = new AtomicLong();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition closing = lock.newCondition();
  private final Set<Connection> halfOpen = new LinkedHashSet<>(); // oldest first
  private final Set<Connection> connections = new LinkedHashSet<>();
  private boolean closed;
  private long untoldRefusals;
  private long nextTelling;
  private volatile long lastTick;
  private volatile boolean awaitsOwner;

  /**
   * @param name the node's, for the log
   */
  public Wire(
      Surroundings surroundings,
      Transport transport,
      ClusterKey key,
      String name,
      NodeIdentity self,
      ConnectionListener listener) {
    this.surroundings = surroundings;
    this.transport = transport;
    this.key = key;
    this.name = name;
    this.self = self;
    this.listener = listener;
    this.lastTick = surroundings.clock().nanoTime();
    this.nextTelling = lastTick;
    transport.serves(name);
    surroundings.spawner().platform(HEARTBEAT, this::tick);
  }

  /**
   * Listens for peers.
   *
   * @param address port 0 lets the system choose
   * @return the address with its port
   * @throws IllegalArgumentException if the address can be reached from other machines
   */
  public InetSocketAddress listen(InetSocketAddress address) throws IOException {
    requireLoopback(address, "listen on");
    return transport.listen(address, () -> newConnection(false)).address();
  }

  /**
   * Whether nothing comes or goes without this thread, which serves all nodes of this JVM, or one. No objects are made
   * for the answer.
   */
  public static boolean needs(Thread thread) {
    return thread.getName().equals(HEARTBEAT) || VertxTransport.isEventLoop(thread);
  }

  /** This node was launched: until the first peer has come, the handshakes have more time. */
  public void awaitsOwner() {
    awaitsOwner = true;
  }

  /** How long a handshake may take that another node has begun. */
  Duration handshakeLimit() {
    return awaitsOwner ? FIRST_HANDSHAKE_LIMIT : HANDSHAKE_LIMIT;
  }

  /**
   * Opens a connection and proves to the peer, and has it prove, that both belong to the cluster.
   *
   * @throws NodeLostException if nobody listens there, or does not answer in time
   * @throws ProtocolException if the peer refuses us, or we it
   */
  public Connection connect(InetSocketAddress to, Duration timeout) {
    requireLoopback(to, "connect to");
    Connection connection = newConnection(true);
    try {
      transport.connect(to, timeout, connection);
      return connection.authenticated().get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (IOException e) {
      connection.close("was given up here"); // it may still be under way
      if (Thread.currentThread().isInterrupted()) {
        throw new PlaceInterruptedException("interrupted while connecting to " + to, e);
      }
      throw new NodeLostException("no node can be reached: " + e.getMessage(), e);
    } catch (ExecutionException e) {
      throw new ProtocolException(
          "the handshake with the node at %s failed: the connection %s; does it belong to this cluster?"
              .formatted(to, e.getCause() == null ? "failed" : e.getCause().getMessage()),
          e);
    } catch (TimeoutException e) {
      connection.close("was given up here");
      throw new NodeLostException(
          "the node at %s did not answer within %d ms: what listens there is something else, or stands still"
              .formatted(to, timeout.toMillis()));
    } catch (InterruptedException e) {
      connection.close("was given up here");
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException("interrupted while connecting to " + to, e);
    }
  }

  /** Closes all connections at once and stops listening. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      closing.signalAll();
    } finally {
      lock.unlock();
    }
    List<Connection> last = all();
    last.forEach(Connection::mute); // what the end of one causes is said on none
    for (Connection connection : last) {
      connection.close("was closed here");
    }
    transport.close();
  }

  private Connection newConnection(boolean connector) {
    var handshake = new Handshake(key, self, surroundings.random(), connector);
    return new Connection(this, surroundings, listener, handshake, connector);
  }

  /** A stranger is at the door; called on the event loop. */
  void accepted(Connection connection) {
    List<Connection> givingWay = new ArrayList<>();
    lock.lock();
    try {
      halfOpen.add(connection);
      if (halfOpen.size() > MAX_HALF_OPEN) {
        givingWay.add(halfOpen.iterator().next());
      }
      InetAddress address = connection.remote().getAddress();
      if (!address.isLoopbackAddress()) { // there, strangers and our own nodes share one
        List<Connection> sameAddress =
            halfOpen.stream()
                .filter(other -> other.remote().getAddress().equals(address))
                .toList();
        if (sameAddress.size() > MAX_HALF_OPEN_OF_ONE_ADDRESS) {
          givingWay.add(sameAddress.getFirst());
        }
      }
      if (closed) {
        givingWay.add(connection);
      }
    } finally {
      lock.unlock();
    }
    for (Connection oldest : givingWay) {
      oldest.close("gave way to newer ones during its handshake");
    }
  }

  /**
   * Takes memory for a message before any of it is held.
   *
   * @throws ProtocolException if the messages that are here would take too much of the heap
   */
  void charge(long bytes) {
    long all = held.addAndGet(bytes);
    if (all > BUDGET) {
      held.addAndGet(-bytes);
      throw new ProtocolException(
          "a message of %d bytes, with %d bytes of others that come or were not got yet, is more than a quarter of this node's heap, %d bytes; read sooner, send smaller parts or give the node a larger heap (-Xmx)"
              .formatted(bytes, all - bytes, BUDGET));
    }
  }

  void release(long bytes) {
    held.addAndGet(-bytes);
  }

  /** What messages take that came and were not got yet, on all connections. */
  long held() {
    return held.get();
  }

  /** What peers together may send before it is got; half, so that two of them do not exhaust the whole. */
  static long window() {
    return Math.min(Connection.WINDOW, BUDGET / 2);
  }

  /**
   * A handshake has succeeded.
   *
   * @throws ProtocolException if there are too many connections
   */
  void authenticated(Connection connection) {
    awaitsOwner = false;
    int others;
    lock.lock();
    try {
      halfOpen.remove(connection);
      others = connections.size();
      if (!connection.isOver()) { // else it was closed meanwhile, and is forgotten already
        connections.add(connection);
      }
    } finally {
      lock.unlock();
    }
    if (others >= MAX_CONNECTIONS) {
      throw new ProtocolException(
          "the node has %d connections already, the most that it takes".formatted(others));
    }
  }

  void forget(Connection connection, String reason) {
    long untold;
    lock.lock();
    try {
      connections.remove(connection);
      long now = surroundings.clock().nanoTime();
      if (!halfOpen.remove(connection)) {
        return;
      }
      if (now - nextTelling < 0) {
        untoldRefusals++;
        return;
      }
      nextTelling = now + TELL_PERIOD.toNanos();
      untold = untoldRefusals;
      untoldRefusals = 0;
    } finally {
      lock.unlock();
    }
    LogContext.of( // it may be the thread of a place that closes the node
        name,
        () ->
            LOG.warn(
                "a connection from {} {} ({} others since the last such line)",
                connection.remote(),
                PeerText.escape(reason),
                untold));
  }

  private void tick() {
    LogContext.ofThread(name);
    long nextBeat = surroundings.clock().nanoTime();
    long wait = HEARTBEAT_PERIOD.toNanos();
    while (!waitForTick(wait)) {
      long now = surroundings.clock().nanoTime();
      if (stoodStill(now)) {
        List<Connection> old = all();
        old.forEach(Connection::mute);
        long pause = now - lastTick;
        lastTick = now;
        closeAfterPause(old, pause);
      }
      lastTick = now;
      boolean beat = now - nextBeat >= 0;
      if (beat) {
        nextBeat = now + HEARTBEAT_PERIOD.toNanos();
      }
      // Looks seldom, since each look costs a process that does nothing, but not late.
      wait = nextBeat - now;
      for (Connection connection : all()) {
        wait = Math.min(wait, look(connection, now, beat));
      }
    }
  }

  /** What is wrong with one connection must not end the heartbeats of all. Answers as {@link Connection#checkTime}. */
  static long look(Connection connection, long now, boolean beat) {
    try {
      long next = connection.checkTime(now);
      if (beat) {
        connection.beat();
      }
      return next;
    } catch (RuntimeException | Error e) {
      LOG.error("the heartbeat of the connection to {} failed", connection.remote(), e);
      return Long.MAX_VALUE;
    }
  }

  /** Whether this process has just run on after a pause that was too long for its peers. */
  boolean stoodStill() {
    return stoodStill(surroundings.clock().nanoTime());
  }

  private boolean stoodStill(long now) {
    return now - lastTick > SILENCE_LIMIT.toNanos();
  }

  private static void closeAfterPause(List<Connection> old, long nanos) {
    String reason =
        "was closed here because this process stood still for %.1f s, and after %d s its peers give it up"
            .formatted(nanos / 1e9, SILENCE_LIMIT.toSeconds());
    for (Connection connection : old) {
      connection.giveUp(reason);
    }
    LOG.warn(
        "this process stood still for {} s (stopped, or without a processor): closed its {} connections",
        "%.1f".formatted(nanos / 1e9),
        old.size());
  }

  /** Returns whether the wire is closed. */
  private boolean waitForTick(long nanos) {
    lock.lock();
    try {
      long left = nanos;
      while (!closed && left > 0) {
        left = surroundings.clock().await(closing, left);
      }
      return closed;
    } catch (InterruptedException e) {
      return true; // only the end of the JVM interrupts this thread
    } finally {
      lock.unlock();
    }
  }

  /** Those that are open, and those in their handshake. */
  List<Connection> all() {
    lock.lock();
    try {
      List<Connection> all = new ArrayList<>(halfOpen);
      all.addAll(connections);
      return all;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Refuses an address beyond this machine.
   *
   * @param what is to be done with it, such as "listen on"
   * @throws IllegalArgumentException if other machines can reach it, or it is not known
   */
  public static void requireLoopback(InetSocketAddress address, String what) {
    InetAddress ip = address.getAddress();
    if (ip == null) {
      throw new IllegalArgumentException(
          "cannot %s %s:%d: no address is known for this host"
              .formatted(what, PeerText.escape(address.getHostString()), address.getPort()));
    }
    if (!ip.isLoopbackAddress()) {
      throw new IllegalArgumentException(
          "cannot %s %s: beyond the loopback interface nodes need TLS, which this version does not have; use 127.0.0.1"
              .formatted(what, address));
    }
  }
}
