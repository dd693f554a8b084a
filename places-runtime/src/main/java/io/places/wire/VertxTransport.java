package io.places.wire;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
import io.places.LogContext;
import io.places.Spawner;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.internal.VertxInternal;
import io.vertx.core.internal.net.NetSocketInternal;
import io.vertx.core.net.ConnectOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.core.net.TCPSSLOptions;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * TCP by Vert.x. Each pipe belongs to one event loop, which makes all calls to its receiver.
 *
 * Two defaults of Vert.x are never relied on: a server that is given no host binds all interfaces, so
 * the address is always passed; and its record parser has no bound, so frames are cut by our own
 * FrameDecoder.
 *
 * Nothing is written from inside a write's completion: pumping a socket from its own callbacks was seen to
 * stall. What is written now goes to the system without Vert.x, from whatever thread: see DirectSockets.
 */
public final class VertxTransport implements Transport {
  /** Connections that the system may hold before we accept them: a burst of joining nodes. */
  private static final int BACKLOG = 256;

  /**
   * Bytes that the system keeps for each socket and direction (Linux takes twice as much). What lies there
   * goes before everything that is sent later: left to itself the system keeps up to 10 MB of a large message,
   * which takes milliseconds. Enough for the loopback interface, the only one that nodes use.
   */
  private static final int BUFFER = 128 << 10;

  /** Bytes read at once that are not a few messages of a conversation. */
  private static final int MUCH = 32 << 10;

  private static final Duration OPERATION_LIMIT = Duration.ofSeconds(10);

  private static final Duration SELDOM = Duration.ofDays(1);

  /** How Vert.x names its threads. */
  private static final String EVENT_LOOP = "vert.x-eventloop-thread-";

  /** Netty's own events for Java Flight Recorder: to register them takes a third of a node's start. */
  private static final String NETTY_EVENTS = "io.netty.jfr.enabled";

  static {
    if (System.getProperty(NETTY_EVENTS) == null) {
      System.setProperty(NETTY_EVENTS, "false");
    }
  }

  private final VertxInternal vertx;
  private final NetClient client;

  public VertxTransport() {
    vertx = start();
    client = vertx.createNetClient(likeAllSockets(new NetClientOptions()));
  }

  /**
   * Has it made with its threads by a thread that belongs to no place: they come up in the group of whoever causes
   * them, and all that are in the group of a place end with it.
   */
  private static VertxInternal start() {
    var started = new CompletableFuture<VertxInternal>();
    Spawner.system()
        .platform(
            "places-transport",
            () -> {
              try {
                started.complete(withThreads(make()));
              } catch (Throwable e) {
                started.completeExceptionally(e);
              }
            });
    return started.join();
  }

  private static VertxInternal make() {
    return (VertxInternal)
        Vertx.builder()
            .withTransport(new DirectSockets())
            .with(
                new VertxOptions()
                    .setUseDaemonThread(true)
                    .setEventLoopPoolSize(1)
                    .setWorkerPoolSize(1)
                    .setInternalBlockingPoolSize(1)
                    .setBlockedThreadCheckInterval(SELDOM.toNanos()) // wakes a thread each time
                    .setBlockedThreadCheckIntervalUnit(TimeUnit.NANOSECONDS)
                    .setFileSystemOptions(
                        new FileSystemOptions()
                            .setClassPathResolvingEnabled(false)
                            .setFileCachingEnabled(false)))
            .build();
  }

  private static VertxInternal withThreads(VertxInternal made) {
    for (EventLoopGroup loops : loops(made)) {
      loops.next().submit(() -> {}).syncUninterruptibly();
    }
    return made;
  }

  /** Each has one thread. */
  private static List<EventLoopGroup> loops(VertxInternal of) {
    return List.of(of.acceptorEventLoopGroup(), of.eventLoopGroup());
  }

  private static <T extends TCPSSLOptions> T likeAllSockets(T options) {
    options.setTcpNoDelay(true).setSendBufferSize(BUFFER).setReceiveBufferSize(BUFFER);
    return options;
  }

  static boolean isEventLoop(Thread thread) {
    return thread.getName().startsWith(EVENT_LOOP);
  }

  @Override
  public void serves(String node) {
    for (EventLoopGroup loops : loops(vertx)) {
      loops.next().execute(() -> LogContext.ofThread(node));
    }
  }

  @Override
  public Listening listen(InetSocketAddress address, Supplier<Receiver> receivers)
      throws IOException {
    var options =
        new NetServerOptions()
            .setHost(address.getAddress().getHostAddress())
            .setPort(address.getPort())
            .setAcceptBacklog(BACKLOG);
    likeAllSockets(options);
    NetServer server =
        vertx.createNetServer(options).connectHandler(socket -> attach((NetSocketInternal) socket, receivers.get()));
    await(server.listen(), "listen on " + address);
    var bound = new InetSocketAddress(address.getAddress(), server.actualPort());
    return () -> bound;
  }

  @Override
  public void connect(InetSocketAddress to, Duration timeout, Receiver receiver)
      throws IOException {
    var options =
        new ConnectOptions()
            .setRemoteAddress(
                SocketAddress.inetSocketAddress(to.getPort(), to.getAddress().getHostAddress()))
            .setTimeout((int) Math.min(timeout.toMillis(), Integer.MAX_VALUE));
    Future<VertxPipe> pipe;
    try {
      pipe = client.connect(options).map(socket -> attach((NetSocketInternal) socket, receiver));
    } catch (RejectedExecutionException | IllegalStateException e) {
      throw new IOException("cannot connect to " + to + ": this node is closed", e);
    }
    await(pipe, "connect to " + to);
  }

  @Override
  public void close() {
    try {
      await(vertx.close(), "close the transport");
    } catch (IOException e) {
      // The sockets are closed by the JVM's end at the latest; there is nobody left to tell.
    }
  }

  /** Runs on the socket's event loop. */
  private static VertxPipe attach(NetSocketInternal socket, Receiver receiver) {
    var pipe =
        new VertxPipe(socket, (DirectSockets.Socket) socket.channelHandlerContext().channel());
    var failure = new AtomicReference<@Nullable Throwable>();
    socket.messageHandler(message -> receive((ByteBuf) message, receiver, pipe));
    socket.exceptionHandler(failure::set);
    socket.closeHandler(closed -> tellOfTheEnd(receiver, failure.get()));
    receiver.opened(pipe);
    return pipe;
  }

  @SuppressWarnings("ThreadPriorityCheck") // a hint, nothing relies on it
  private static void receive(ByteBuf bytes, Receiver receiver, Pipe pipe) {
    try {
      boolean much = bytes.readableBytes() >= MUCH;
      receiver.received(bytes.nioBuffer());
      if (much) {
        Thread.yield(); // who waits for a processor may have little to do, and this thread has much
      }
    } catch (OutOfMemoryError e) {
      try {
        uncaught(e);
      } finally {
        pipe.close(); // what was read is lost, and makes no sense of what follows
      }
    } finally {
      bytes.release();
    }
  }

  private static void tellOfTheEnd(Receiver receiver, @Nullable Throwable failure) {
    try {
      receiver.closed(failure);
    } catch (OutOfMemoryError e) {
      uncaught(e);
    }
  }

  /** Vert.x would log it, if there is memory for that, and go on. */
  private static void uncaught(OutOfMemoryError error) {
    Thread loop = Thread.currentThread();
    loop.getUncaughtExceptionHandler().uncaughtException(loop, error);
  }

  private static <T> T await(Future<T> future, String what) throws IOException {
    try {
      return future
          .toCompletionStage()
          .toCompletableFuture()
          .get(OPERATION_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Throwable cause = e;
      while (cause.getCause() != null) { // Netty's own names the address once more
        cause = cause.getCause();
      }
      throw new IOException("cannot " + what + ": " + cause.getMessage(), e);
    } catch (TimeoutException e) {
      throw new IOException("cannot " + what + " within " + OPERATION_LIMIT, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while trying to " + what, e);
    }
  }

  private record VertxPipe(NetSocketInternal socket, DirectSockets.Socket channel) implements Pipe {
    @Override
    public InetSocketAddress remote() {
      SocketAddress remote = socket.remoteAddress();
      return new InetSocketAddress(remote.hostAddress(), remote.port());
    }

    /** Copies the pieces once, to where the system takes them from. */
    @Override
    public void write(ByteBuffer[] pieces, Consumer<@Nullable Throwable> done) {
      int size = 0;
      for (ByteBuffer piece : pieces) {
        size += piece.remaining();
      }
      ByteBuf bytes = channel.alloc().directBuffer(size);
      for (ByteBuffer piece : pieces) {
        bytes.writeBytes(piece);
      }
      socket.writeMessage(bytes).onComplete(result -> done.accept(result.cause()));
    }

    @Override
    public void writeNow(ByteBuffer[] pieces) {
      channel.writeNow(pieces);
    }

    @Override
    @SuppressWarnings("FutureReturnValueIgnored") // as with execute(): a task has to see to its own failures
    public void soon(Runnable task) {
      try {
        if (channel.eventLoop().inEventLoop()) { // after the next reads: execute() would go before them
          channel.eventLoop().schedule(task, 0, TimeUnit.NANOSECONDS);
        } else {
          channel.eventLoop().execute(task);
        }
      } catch (RejectedExecutionException e) {
        // The transport is closed, and the pipe with it.
      }
    }

    @Override
    public void close() {
      socket.close();
    }
  }
}
