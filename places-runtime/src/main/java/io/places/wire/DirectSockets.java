package io.places.wire;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * The sockets of Vert.x's NIO transport, with one thing more: a thread that is not the event loop can write
 * to the system's socket itself. The way through the event loop costs two changes of threads (10 to 20 us),
 * which is most of a small round trip.
 */
final class DirectSockets
    implements io.vertx.core.transport.Transport, io.vertx.core.spi.transport.Transport {
  private static final Logger LOG = LoggerFactory.getLogger(DirectSockets.class);

  /** Bytes a read makes room for: it adapts to what comes, within these bounds. */
  private static final int LEAST_READ = 1 << 10;

  /** Descriptors for the rest of the process: for classes, jars, files that places open. */
  private static final int KEPT_BACK = 8;

  /** Before the next attempt to take a connection: descriptors become free when others end. */
  private static final Duration ACCEPT_PAUSE = Duration.ofMillis(100);

  /** A flood of those who connect must not become a flood of log lines. */
  private static final Duration TELL_PERIOD = Duration.ofMinutes(1);

  private static final int FIRST_READ = 4 << 10;
  private static final int MOST_READ = 64 << 10;

  /** Longer than a process lives. */
  private static final Duration LONG = Duration.ofDays(10_000);

  private final io.vertx.core.spi.transport.Transport nio =
      io.vertx.core.transport.Transport.NIO.implementation();

  /** A connected socket. */
  static final class Socket extends NioSocketChannel {
    Socket() {
      readInLargePieces();
    }

    Socket(Channel parent, SocketChannel accepted) {
      super(parent, accepted);
      readInLargePieces();
    }

    private void readInLargePieces() {
      config()
          .setRecvByteBufAllocator(
              new AdaptiveRecvByteBufAllocator(LEAST_READ, FIRST_READ, MOST_READ)
                  .maxMessagesPerRead(1)); // then what waits to be written has its turn
    }

    /**
     * Writes as much as the system takes without waiting. Keeps the order only while the event loop has
     * nothing left to write. If the socket is closed or broken nothing is taken, and the event loop finds
     * that out and tells.
     */
    void writeNow(ByteBuffer[] pieces) {
      try {
        if (pieces.length == 1) {
          javaChannel().write(pieces[0]);
        } else {
          javaChannel().write(pieces);
        }
      } catch (IOException e) {
        LOG.debug("cannot write to {}", remoteAddress(), e);
      }
    }
  }

  /**
   * Without this, an event loop that has nothing to do wakes every second: it sleeps until the next of its
   * tasks, and looks each second whether there is one if it has none.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // it does nothing
  private static void sleepLong(EventLoop loop) {
    loop.schedule(() -> {}, LONG.toNanos(), TimeUnit.NANOSECONDS);
  }

  /*
   * A process that has no descriptors left cannot even load its classes, and one that could not be loaded once is
   * missing for good. So the listener keeps some back: when the last but those are gone it gives them to the rest of
   * the process, and takes no more connections until it has got them again. What connects meanwhile waits in the
   * system's queue.
   */
  private static final class Listener extends NioServerSocketChannel {
    private final List<SocketChannel> keptBack = new ArrayList<>(KEPT_BACK); // owned by the event loop
    private boolean told; // likewise

    @Override
    protected void doBind(SocketAddress address) throws Exception {
      super.doBind(address);
      sleepLong(eventLoop());
    }

    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
      SocketChannel channel = null;
      try {
        keepBack();
        channel = javaChannel().accept();
        SocketChannel.open().close(); // one more would do
      } catch (IOException e) {
        if (!isOpen()) {
          throw e;
        }
        pause(e);
      }
      if (channel == null) {
        return 0;
      }
      accepted.add(new Socket(this, channel));
      return 1;
    }

    private void keepBack() throws IOException {
      while (keptBack.size() < KEPT_BACK) {
        keptBack.add(SocketChannel.open());
      }
    }

    private void giveBack() {
      for (SocketChannel each : keptBack) {
        try {
          each.close();
        } catch (IOException e) {
          LOG.debug("cannot close a socket that was never used", e);
        }
      }
      keptBack.clear();
    }

    @Override
    protected void doClose() throws Exception {
      giveBack();
      super.doClose();
    }

    private void pause(IOException why) {
      giveBack();
      config().setAutoRead(false);
      in(ACCEPT_PAUSE, () -> config().setAutoRead(true));
      if (!told) {
        told = true;
        in(TELL_PERIOD, () -> told = false);
        LOG.warn(
            "cannot take a connection at {}: {}; those who connect wait, the connections that there are go on. With more file descriptors for this process (ulimit -n) it takes more",
            localAddress(),
            why.getMessage());
      }
    }

    private void in(Duration time, Runnable action) {
      var _ = eventLoop().schedule(action, time.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  @Override
  public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
    return Socket::new;
  }

  @Override
  public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
    return Listener::new;
  }

  @Override
  public IoHandlerFactory ioHandlerFactory() {
    return nio.ioHandlerFactory();
  }

  @Override
  public DatagramChannel datagramChannel() {
    return nio.datagramChannel();
  }

  @Override
  @SuppressWarnings("deprecation") // of Netty; Vert.x still asks for it
  public DatagramChannel datagramChannel(InternetProtocolFamily family) {
    return nio.datagramChannel(family);
  }

  @Override
  public String name() {
    return "direct";
  }

  @Override
  public boolean available() {
    return true;
  }

  @Override
  public @Nullable Throwable unavailabilityCause() {
    return null;
  }

  @Override
  public io.vertx.core.spi.transport.Transport implementation() {
    return this;
  }
}
