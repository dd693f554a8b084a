package io.places.node;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A way to an address by another port, as a tunnel makes one. It can be cut, in each direction. */
final class Relay implements AutoCloseable {
  private static final int PIECE = 16 << 10;
  private static final int SMALL_PIECE = 1_400;
  private static final int LONGEST_DELAY = 500_000; // nanoseconds
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final ServerSocket server;
  private final InetSocketAddress to;
  private final AtomicInteger taken = new AtomicInteger();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private final Gate there = new Gate();
  private final Gate back = new Gate();
  private volatile @Nullable Random jitter;

  /** What bytes pass unless it is shut. */
  private static final class Gate {
    private volatile CountDownLatch opened = new CountDownLatch(0);

    void shut() {
      opened = new CountDownLatch(1);
    }

    void open() {
      opened.countDown();
    }

    void pass() throws IOException {
      try {
        opened.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
    }
  }

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

  /** From now on bytes come in small pieces of any size, each after a while of its own. */
  void jitter(Random random) {
    jitter = random;
  }

  /** Nothing that is sent there arrives before the way is whole again. */
  void cutThere() {
    there.shut();
  }

  /** Nothing that is sent back arrives before the way is whole again. */
  void cutBack() {
    back.shut();
  }

  void heal() {
    there.open();
    back.open();
  }

  /** Waits until nothing is carried any more on the connections that there are. */
  void awaitTheEndOfAll() {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!sockets.stream().allMatch(Socket::isClosed)) {
      if (System.nanoTime() - end > 0) {
        throw new AssertionError("a connection that both sides have given up is still open");
      }
      Thread.onSpinWait();
    }
    sockets.clear();
  }

  /** Resets all connections on this way. */
  void reset() throws IOException {
    for (Socket socket : sockets) {
      try {
        socket.setSoLinger(true, 0);
      } catch (SocketException e) {
        // it is closed already
      }
      socket.close();
    }
    sockets.clear();
  }

  private void accept() {
    try {
      while (true) {
        Socket from = server.accept();
        taken.incrementAndGet();
        var onwards = new Socket(to.getAddress(), to.getPort());
        sockets.addAll(List.of(from, onwards));
        Thread.startVirtualThread(() -> carry(from, onwards, there));
        Thread.startVirtualThread(() -> carry(onwards, from, back));
      }
    } catch (IOException e) {
      // closed
    }
  }

  private void carry(Socket from, Socket to, Gate gate) {
    byte[] piece = new byte[PIECE];
    try (from;
        to) {
      for (int size = from.getInputStream().read(piece, 0, pieceSize());
          size >= 0;
          size = from.getInputStream().read(piece, 0, pieceSize())) {
        gate.pass();
        Random delays = jitter;
        if (delays != null) {
          LockSupport.parkNanos(delays.nextInt(LONGEST_DELAY));
        }
        to.getOutputStream().write(piece, 0, size);
      }
      gate.pass(); // the end of the stream does not arrive either
    } catch (IOException e) {
      // one of the two is gone, and so is the other
    }
  }

  private int pieceSize() {
    Random sizes = jitter;
    return sizes == null ? PIECE : 1 + sizes.nextInt(SMALL_PIECE);
  }

  @Override
  public void close() {
    heal();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
