package io.places.rmpi;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/*
 * A rank listens on the address of its node, and nowhere else. Over the place channel, whose ends are known to
 * each other, it tells each peer where, and a secret of the two; who connects sends that first. Whoever sends
 * anything else, or nothing, is sent away.
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

  private final World world;
  private final InetAddress own;
  private final Map<Integer, byte[]> tokens = new HashMap<>();
  private final Map<Integer, SocketChannel> early = new HashMap<>();
  private @Nullable ServerSocketChannel server;

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
    ServerSocketChannel listening = server;
    if (listening == null) {
      listening = ServerSocketChannel.open();
      server = listening;
      listening.bind(new InetSocketAddress(own, 0), world.size());
    }
    byte[] token = new byte[TOKEN];
    world.random().nextBytes(token);
    tokens.put(peer, token);
    return new Frame.Listens(own.getHostAddress(), listening.socket().getLocalPort(), token);
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
    long end = world.clock().nanoTime() + ACCEPT_LIMIT.toNanos();
    SocketChannel found = early.remove(peer);
    while (found == null) {
      Duration left = Duration.ofNanos(end - world.clock().nanoTime());
      ServerSocketChannel listening = server;
      if (listening == null || left.toMillis() <= 0) {
        throw new IOException("no connection has come within " + ACCEPT_LIMIT);
      }
      listening.socket().setSoTimeout((int) left.toMillis());
      meet(listening.socket().accept());
      found = early.remove(peer);
    }
    return found;
  }

  private void meet(Socket came) throws IOException {
    SocketChannel socket = came.getChannel();
    came.setSoTimeout((int) TOKEN_LIMIT.toMillis());
    try {
      byte[] said = came.getInputStream().readNBytes(TOKEN);
      for (Map.Entry<Integer, byte[]> each : tokens.entrySet()) {
        if (MessageDigest.isEqual(each.getValue(), said)) {
          prepare(socket);
          tokens.remove(each.getKey());
          early.put(each.getKey(), socket);
          return;
        }
      }
    } catch (SocketTimeoutException e) {
      // A stranger, which says nothing.
    }
    socket.close();
  }

  private static void prepare(SocketChannel socket) throws IOException {
    socket.setOption(StandardSocketOptions.TCP_NODELAY, true);
    socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
  }

  /** Nobody is waited for any more. */
  @Override
  public void close() {
    try {
      if (server != null) {
        server.close();
      }
      for (SocketChannel each : early.values()) {
        each.close();
      }
    } catch (IOException e) {
      // Nobody has them either way.
    }
  }
}
