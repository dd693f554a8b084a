package io.places.rmpi;

import io.places.Seconds;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/*
 * A rank listens on the address of its node, and nowhere else. Over the place channel, whose ends are known to
 * each other, it tells each peer where, and a secret of the two; who connects sends that first. Whoever sends
 * anything else, or nothing, is sent away.
 *
 * A thread hears all that have connected at once, so strangers that say nothing, or little, do not keep a peer waiting;
 * nor do many, as the one that has been there for the longest has to go, and a peer says at once what it has to.
 */
/** Makes connections from a rank to others. */
final class TcpMeeting implements AutoCloseable {
  private static final int TOKEN = 32;

  /** For a connection: the peer listens already. If none comes there is another way. */
  private static final Duration CONNECT_LIMIT = Duration.ofSeconds(2);

  /** For all that want to meet a rank, which have connected already when it looks. */
  private static final Duration ACCEPT_LIMIT = Duration.ofSeconds(5);

  /** Of a stranger's time until it is sent away. */
  private static final Duration TOKEN_LIMIT = Duration.ofSeconds(1);

  /** Connections that have not said who they are. */
  private static final int MOST_STRANGERS = 128;

  /** Connections for which the system has room until they are looked at, besides those of the peers. */
  private static final int ROOM_FOR_STRANGERS = 256;

  private final World world;
  private final InetAddress own;
  private final Map<Integer, byte[]> tokens = new ConcurrentHashMap<>();
  private final Map<Integer, CompletableFuture<SocketChannel>> peers = new ConcurrentHashMap<>();
  private final ArrayDeque<Stranger> strangers = new ArrayDeque<>(); // in the order of coming; by the thread that hears
  private @Nullable ServerSocketChannel server;
  private @Nullable Selector selector;

  /** Who has connected and not said all of a token. */
  private record Stranger(SocketChannel socket, ByteBuffer said, long since) {}

  /**
   * @param own the address of the rank's node
   */
  TcpMeeting(World world, InetAddress own) {
    this.world = world;
    this.own = own;
  }

  /** Listens for a peer. */
  Frame.Listens listen(int peer) throws IOException {
    if (own.isAnyLocalAddress()) {
      throw new IOException(
          "the node listens on every address; ranks listen on one only: start it with one");
    }
    byte[] token = new byte[TOKEN];
    world.random().nextBytes(token);
    peers.put(peer, new CompletableFuture<>());
    tokens.put(peer, token);
    ServerSocketChannel listening = server == null ? open() : server;
    return new Frame.Listens(own.getHostAddress(), listening.socket().getLocalPort(), token);
  }

  private ServerSocketChannel open() throws IOException {
    ServerSocketChannel listening = ServerSocketChannel.open();
    server = listening;
    listening.bind(new InetSocketAddress(own, 0), world.size() + ROOM_FOR_STRANGERS);
    listening.configureBlocking(false);
    Selector hears = Selector.open();
    selector = hears;
    listening.register(hears, SelectionKey.OP_ACCEPT);
    world.spawner().platform("rmpi-meets", () -> meetAll(listening, hears));
    return listening;
  }

  /** Connects to a peer that listens. */
  static SocketChannel connect(Frame.Listens to) throws IOException {
    SocketChannel socket = SocketChannel.open();
    try {
      socket
          .socket()
          .connect(
              new InetSocketAddress(InetAddress.getByName(to.host()), to.port()),
              (int) CONNECT_LIMIT.toMillis());
      prepare(socket);
      ByteBuffer token = ByteBuffer.wrap(to.token());
      while (token.hasRemaining()) {
        socket.write(token);
      }
      return socket;
    } catch (IOException | RuntimeException e) {
      socket.close();
      throw e;
    }
  }

  /** The connection of a peer that has said that it has made one. */
  SocketChannel accept(int peer) throws IOException {
    CompletableFuture<SocketChannel> coming =
        Objects.requireNonNull(peers.get(peer), "a peer for which it listens");
    try {
      SocketChannel socket = coming.get(ACCEPT_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
      peers.remove(peer);
      return socket;
    } catch (TimeoutException e) {
      throw new IOException("no connection has come within " + Seconds.of(ACCEPT_LIMIT), e);
    } catch (ExecutionException e) {
      throw new IOException("connections cannot be accepted: " + e.getCause(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClosedByInterruptException();
    }
  }

  private void meetAll(ServerSocketChannel listening, Selector hears) {
    try {
      while (true) {
        hears.select(TOKEN_LIMIT.toMillis());
        for (SelectionKey key : hears.selectedKeys()) {
          if (key.attachment() instanceof Stranger stranger) {
            hear(stranger, key);
          }
        }
        hears.selectedKeys().clear();
        welcome(listening, hears);
        long now = world.clock().nanoTime();
        while (!strangers.isEmpty() && now - strangers.element().since() > TOKEN_LIMIT.toNanos()) {
          sendAway(strangers.element());
        }
      }
    } catch (ClosedSelectorException | ClosedChannelException e) {
      // Nobody is waited for any more.
    } catch (IOException e) {
      peers.values().forEach(peer -> peer.completeExceptionally(e));
    } finally {
      strangers.forEach(stranger -> closed(stranger.socket()));
    }
  }

  /** Some of those that have come: then the others are heard. */
  private void welcome(ServerSocketChannel listening, Selector hears) throws IOException {
    for (int i = 0; i < MOST_STRANGERS; i++) {
      SocketChannel came = listening.accept();
      if (came == null) {
        return;
      }
      if (strangers.size() == MOST_STRANGERS) {
        sendAway(strangers.element());
      }
      var stranger = new Stranger(came, ByteBuffer.allocate(TOKEN), world.clock().nanoTime());
      strangers.add(stranger);
      came.configureBlocking(false);
      hear(stranger, came.register(hears, SelectionKey.OP_READ, stranger));
    }
  }

  /** One that has ended its connection, in whichever way, has nothing to say either. */
  private void hear(Stranger stranger, SelectionKey key) {
    try {
      boolean isOver = stranger.socket().read(stranger.said()) < 0;
      if (stranger.said().hasRemaining() && !isOver) {
        return;
      }
      CompletableFuture<SocketChannel> peer =
          stranger.said().hasRemaining() ? null : peer(stranger.said().array());
      if (peer != null) {
        key.cancel();
        prepare(stranger.socket());
        strangers.remove(stranger);
        if (!peer.complete(stranger.socket())) {
          closed(stranger.socket()); // nobody waits for it any more
        }
        return;
      }
    } catch (IOException e) {
      // It is sent away, too.
    }
    sendAway(stranger);
  }

  /** Whose token it is; that counts once. */
  private @Nullable CompletableFuture<SocketChannel> peer(byte[] said) {
    for (Map.Entry<Integer, byte[]> each : tokens.entrySet()) {
      if (MessageDigest.isEqual(each.getValue(), said)) {
        tokens.remove(each.getKey());
        return peers.get(each.getKey());
      }
    }
    return null;
  }

  private void sendAway(Stranger stranger) {
    strangers.remove(stranger);
    closed(stranger.socket());
  }

  private static void closed(@Nullable Closeable each) {
    try {
      if (each != null) {
        each.close();
      }
    } catch (IOException e) {
      // Nobody has it either way.
    }
  }

  private static void prepare(SocketChannel socket) throws IOException {
    socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
  }

  /** Nobody is waited for any more. */
  @Override
  public void close() {
    closed(server);
    closed(selector);
    for (CompletableFuture<SocketChannel> peer : peers.values()) {
      if (!peer.cancel(false) && !peer.isCompletedExceptionally()) {
        closed(peer.resultNow());
      }
    }
  }
}
