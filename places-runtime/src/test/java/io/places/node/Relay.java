package io.places.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** A way to an address by another port, as a tunnel makes one. */
final class Relay implements AutoCloseable {
  private final ServerSocket server;
  private final InetSocketAddress to;
  private final AtomicInteger taken = new AtomicInteger();

  Relay(InetSocketAddress to) {
    this.to = to;
    try {
      server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.startVirtualThread(this::accept);
  }

  InetSocketAddress address() {
    return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
  }

  /** How many connections have taken this way. */
  int taken() {
    return taken.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket from = server.accept();
        taken.incrementAndGet();
        var onwards = new Socket(to.getAddress(), to.getPort());
        Thread.startVirtualThread(() -> carry(from, onwards));
        Thread.startVirtualThread(() -> carry(onwards, from));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private static void carry(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      // one of the two is gone, and so is the other
    }
  }

  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
