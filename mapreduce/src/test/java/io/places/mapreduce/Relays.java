package io.places.mapreduce;

import io.places.launch.LaunchedProcess;
import io.places.launch.Launcher;
import io.places.node.Node;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/** Nodes in this JVM whose ways to each other, but not to their launcher, lead through here, and can be cut. */
final class Relays implements AutoCloseable {
  private static final int PIECE = 16 << 10;

  private final Map<InetSocketAddress, ServerSocket> servers = new ConcurrentHashMap<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicBoolean cutAtNextBytes = new AtomicBoolean();

  private record Relayed(LaunchedProcess node, Relays ways) implements LaunchedProcess {
    @Override
    public InetSocketAddress address() {
      return node.address();
    }

    @Override
    public InetSocketAddress seenFromThere(InetSocketAddress here) {
      return here.equals(node.address()) ? here : ways.to(here);
    }

    @Override
    public long processId() {
      return node.processId();
    }

    @Override
    public void end(Duration limit) {
      node.end(limit);
    }

    @Override
    public void kill() {
      node.kill();
    }

    @Override
    public String fate() {
      return node.fate();
    }
  }

  Launcher launcher() {
    return process -> new Relayed(Node.inThisJvm().launch(process), this);
  }

  /** How many connections were made. */
  int connections() {
    return connections.get();
  }

  /** Resets all connections; others can be made. */
  void cut() {
    for (Socket socket : List.copyOf(sockets)) {
      sockets.remove(socket);
      try (socket) {
        socket.setSoLinger(true, 0);
      } catch (IOException e) {
        // it is closed already
      }
    }
  }

  /** Does it when one node next says something to another, which is not told that. */
  void cutAtNextBytes() {
    cutAtNextBytes.set(true);
  }

  private InetSocketAddress to(InetSocketAddress node) {
    ServerSocket server = servers.computeIfAbsent(node, this::open);
    return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
  }

  private ServerSocket open(InetSocketAddress node) {
    try {
      var server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
      Thread.startVirtualThread(() -> accept(server, node));
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept(ServerSocket server, InetSocketAddress node) {
    try {
      while (true) {
        Socket from = server.accept();
        connections.incrementAndGet();
        var onwards = new Socket(node.getAddress(), node.getPort());
        sockets.addAll(List.of(from, onwards));
        Thread.startVirtualThread(() -> carry(from, onwards));
        Thread.startVirtualThread(() -> carry(onwards, from));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void carry(Socket from, Socket to) {
    byte[] piece = new byte[PIECE];
    try (from;
        to) {
      for (int size = from.getInputStream().read(piece);
          size >= 0;
          size = from.getInputStream().read(piece)) {
        if (cutAtNextBytes.compareAndSet(true, false)) {
          cut();
        }
        to.getOutputStream().write(piece, 0, size);
      }
    } catch (IOException e) {
      // one of the two is gone, and so is the other
    }
  }

  @Override
  public void close() {
    try {
      for (ServerSocket server : servers.values()) {
        server.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
