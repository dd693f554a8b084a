package io.places.node;

import io.places.NodeLostException;
import io.places.PlaceInterruptedException;
import io.places.ProtocolException;
import io.places.Surroundings;
import io.places.channel.Timeouts;
import io.places.wire.Connection;
import io.places.wire.NodeIdentity;
import io.places.wire.proto.Hello;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/*
 * The connections of one node; one for each other node, as far as this node has its way:
 *
 *   - Who wants to connect to an address gets the connection to the node there, if there is one, or waits
 *     for the attempt that is under way.
 *   - If two nodes connect to each other at the same moment there are two connections. Both sides prefer
 *     the one that the node with the smaller id has opened, open nothing more on the other, tell each
 *     other so, and close it when nothing is left on it.
 *   - A connector says in its Hello whether it knows another connection between the two. If it does not,
 *     those that were open before here are dead, though this side may not have noticed, and are closed.
 *     (The acceptor of a connection has it open before its connector has. So a connection that we opened,
 *     and had open before we accepted the new one, was open there before the Hello.)
 *   - A new life of a node ends the connections to its earlier lives.
 */
/** This node's connections to others. Safe for use by many threads. */
final class Peers {
  private static final int CONNECT_ATTEMPTS = 3;

  /** A node that runs answers in milliseconds, unless it stands still; an outage of 3 s is over by then. */
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);

  /** Not by multipliedBy, which goes by BigDecimal: that takes 30 ms at its first use. */
  private static final Duration ALL_ATTEMPTS = CONNECT_LIMIT.plus(CONNECT_LIMIT).plus(CONNECT_LIMIT);

  /** A greeting follows the handshake at once. */
  private static final Duration GREETING_LIMIT = Duration.ofSeconds(1);

  private final NodeIdentity self;
  private final Surroundings surroundings;
  private final BiFunction<InetSocketAddress, Duration, Connection> wire;
  private final List<Peer> peers = new CopyOnWriteArrayList<>(); // oldest first
  private final Map<Connection, Peer> byConnection = new ConcurrentHashMap<>(); // asked for each message
  private final Map<InetSocketAddress, Attempt> connecting = new ConcurrentHashMap<>();

  /**
   * @param wire opens an authenticated connection
   */
  Peers(
      NodeIdentity self,
      Surroundings surroundings,
      BiFunction<InetSocketAddress, Duration, Connection> wire) {
    this.self = self;
    this.surroundings = surroundings;
    this.wire = wire;
  }

  List<Peer> all() {
    return List.copyOf(peers);
  }

  /** The tables of an open connection. */
  @Nullable Peer of(Connection connection) {
    return byConnection.get(connection);
  }

  /**
   * A connection is open.
   *
   * @return whether it is the only one to that node, as far as is known here
   */
  boolean opened(Peer peer) {
    boolean only = true;
    for (Peer other : peers) {
      if (isSameNode(peer, other)) {
        NodeIdentity older = other.connection().peer();
        NodeIdentity newer = peer.connection().peer();
        if (older.incarnation() < newer.incarnation()) {
          other.connection().close("was closed here: the node there was started anew");
        } else if (older.incarnation() > newer.incarnation()) {
          peer.connection().close("was closed here: a later life of the node is connected");
        } else if (!other.isLost()) {
          only = false;
        }
      }
    }
    peers.add(peer);
    byConnection.put(peer.connection(), peer);
    return only;
  }

  private boolean isSameNode(Peer peer, Peer other) {
    return !peer.equals(other)
        && peer.connection().peer().node().equals(other.connection().peer().node())
        && !peer.connection().peer().node().equals(self.node()); // connected to itself: both sides are here
  }

  /** The peer's first word, on the event loop. */
  void greeted(Peer peer, Hello hello) {
    peer.introduce(hello);
    for (Peer other : peers) {
      if (!isSameNode(peer, other) || other.isLost()) {
        continue;
      }
      boolean openedBefore = peers.indexOf(other) < peers.indexOf(peer);
      if (hello.getOnly() && !peer.connection().isConnector() && openedBefore) {
        other.connection().close("was closed here: the node there has opened a fresh one");
      } else {
        Peer preferred = isPreferred(peer) || !isPreferred(other) ? peer : other;
        Peer spare = preferred.equals(peer) ? other : peer;
        if (!isPreferred(spare)) {
          spare.retire(preferred, surroundings);
        } // else both were opened by the same node: both serve
      }
    }
    peer.ready();
  }

  private boolean isPreferred(Peer peer) {
    boolean weAreSmaller = self.node().compareTo(peer.connection().peer().node()) < 0;
    return peer.connection().isConnector() == weAreSmaller;
  }

  /**
   * A connection is over.
   *
   * @return whether the node is still connected by another
   */
  boolean closed(Peer peer) {
    peers.remove(peer);
    byConnection.remove(peer.connection());
    return peers.stream().anyMatch(other -> isSameNode(peer, other) && !other.isLost());
  }

  /**
   * The connection to the node at an address, made if there is none.
   *
   * @throws NodeLostException if nobody listens there
   * @throws ProtocolException if it is of another cluster or version
   */
  Peer connect(InetSocketAddress to) {
    return connect(to, ALL_ATTEMPTS);
  }

  /** As {@link #connect(InetSocketAddress)}, within a limit. */
  Peer connect(InetSocketAddress to, Duration limit) {
    return connect(to, limit, CONNECT_LIMIT);
  }

  /** As {@link #connect(InetSocketAddress, Duration)}; each attempt has all the time that there is. */
  Peer connectLaunched(InetSocketAddress to, Duration limit) {
    return connect(to, limit, limit);
  }

  /** An attempt that others may wait for. */
  private static final class Attempt extends CompletableFuture<Peer> {
    private final boolean inHaste;

    /**
     * @param inHaste it has less time than there may be for one
     */
    Attempt(boolean inHaste) {
      this.inHaste = inHaste;
    }

    /** Whether it says nothing about the node: who made it was interrupted, or in haste, or at fault. */
    boolean hasFailedByItself() {
      return isCompletedExceptionally()
          && !(exceptionNow() instanceof ProtocolException)
          && (inHaste || !(exceptionNow() instanceof NodeLostException));
    }
  }

  private Peer connect(InetSocketAddress to, Duration limit, Duration attempt) {
    long start = surroundings.clock().nanoTime();
    Duration left = limit;
    while (true) {
      var mine = new Attempt(left.compareTo(attempt) < 0);
      Attempt first = connecting.putIfAbsent(to, mine);
      if (first == null) {
        return connect(to, left, attempt, mine);
      }
      try {
        return await(first, to, left);
      } catch (NodeLostException e) {
        left = limit.minusNanos(surroundings.clock().nanoTime() - start);
        if (!left.isPositive() || !first.hasFailedByItself()) {
          throw e;
        }
      }
    }
  }

  private Peer connect(InetSocketAddress to, Duration limit, Duration attempt, Attempt mine) {
    try {
      Peer peer = known(to);
      Peer connected = peer == null ? open(to, limit, attempt).serving() : peer;
      mine.complete(connected);
      return connected;
    } catch (RuntimeException | Error e) {
      connecting.remove(to, mine); // who then tries it himself does not meet it again
      mine.completeExceptionally(e);
      throw e;
    } finally {
      connecting.remove(to, mine);
    }
  }

  private @Nullable Peer known(InetSocketAddress to) {
    for (Peer peer : peers) {
      awaitGreeting(peer); // somebody is just coming in, perhaps from there
      if (!peer.isLost() && peer.leadsTo(to)) {
        return peer.serving();
      }
    }
    return null;
  }

  private static void awaitGreeting(Peer peer) {
    try {
      peer.greeted().get(GREETING_LIMIT.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // It is lost, or speaks another protocol: then it is not the one.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException("interrupted while connecting", e);
    }
  }

  /** The connection to a certain life of a node, made if there is none. */
  Peer reach(NodeAt node) {
    Peer known = living(node.identity());
    if (known != null) {
      return known;
    }
    try {
      Peer peer = connect(node.address());
      if (!peer.connection().peer().equals(node.identity())) {
        throw new NodeLostException("another node listens there");
      }
      return peer;
    } catch (UnknownHostException
        | IllegalArgumentException
        | NodeLostException
        | ProtocolException e) {
      throw new NodeLostException(
          "cannot connect to the node that holds the other end of a channel, at %s port %d: %s. If it is on another machine, have the end sent by the node that launched both, which makes a way"
              .formatted(node.host(), node.port(), e.getMessage()),
          e);
    }
  }

  private @Nullable Peer living(NodeIdentity node) {
    for (Peer peer : peers) {
      if (peer.connection().peer().equals(node) && !peer.isLost()) {
        return peer.serving();
      }
    }
    return null;
  }

  /**
   * A node under a flood of strangers may close the wrong connection, and one on a busy machine may find
   * that the handshake took too long: so a refusal is not final.
   */
  private Peer open(InetSocketAddress to, Duration limit, Duration attemptLimit) {
    long start = surroundings.clock().nanoTime();
    Duration left = limit;
    for (int attempt = 1; ; attempt++) {
      Duration most = left.compareTo(attemptLimit) < 0 ? left : attemptLimit;
      try {
        return introduced(wire.apply(to, most), to, most);
      } catch (ProtocolException e) {
        left = limit.minusNanos(surroundings.clock().nanoTime() - start);
        if (attempt == CONNECT_ATTEMPTS || !left.isPositive()) {
          throw e;
        }
      }
    }
  }

  private Peer introduced(Connection connection, InetSocketAddress to, Duration limit) {
    Peer peer = of(connection);
    if (peer == null) {
      throw new ProtocolException("the node at " + to + " was lost as soon as it was connected");
    }
    try {
      peer.greeted().get(limit.toNanos(), TimeUnit.NANOSECONDS);
      return peer;
    } catch (ExecutionException e) {
      throw new ProtocolException(
          "the node at %s closed the connection before it introduced itself: %s"
              .formatted(to, e.getCause() == null ? e : e.getCause().getMessage()),
          e);
    } catch (TimeoutException e) {
      connection.close("was given up here: the peer did not introduce itself");
      throw new NodeLostException("the node at " + to + " did not introduce itself", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      peer.leaveIfUnused(); // nobody else would
      throw new PlaceInterruptedException("interrupted while connecting to " + to, e);
    }
  }

  private static <T> T await(
      CompletableFuture<T> future, InetSocketAddress to, Duration limit) {
    try {
      return future.get(Timeouts.nanos(limit), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ProtocolException refused) {
        throw new ProtocolException(String.valueOf(refused.getMessage()), refused);
      }
      throw new NodeLostException(
          "the node at %s cannot be reached: %s"
              .formatted(to, e.getCause() == null ? e : e.getCause().getMessage()),
          e);
    } catch (TimeoutException e) {
      throw new NodeLostException("the node at " + to + " did not introduce itself", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException("interrupted while connecting to " + to, e);
    }
  }
}
