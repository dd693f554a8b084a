package io.places.wire;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The network: ordered two-way pipes of bytes. {@link VertxTransport} is the real one; a simulator
 * brings its own.
 */
public interface Transport extends AutoCloseable {

  /** For which node: what threads of the transport log is that node's. Called first. */
  default void serves(String node) {}

  /**
   * Listens for pipes.
   *
   * @param receivers makes the receiver of each accepted pipe
   */
  Listening listen(InetSocketAddress address, Supplier<Receiver> receivers) throws IOException;

  /**
   * Opens a pipe; returns when {@link Receiver#opened} has returned.
   *
   * @throws IOException if nobody listens there, or does not answer in time
   */
  void connect(InetSocketAddress to, Duration timeout, Receiver receiver) throws IOException;

  /** Closes all pipes and stops listening. */
  @Override
  void close();

  /** A listening address. */
  interface Listening {
    /** With the port that the system chose. */
    InetSocketAddress address();
  }

  /** The sending half of a pipe. Safe for use by many threads. */
  interface Pipe {
    InetSocketAddress remote();

    /**
     * Sends bytes after all that was written before; they do not change until {@code done} is told, and may be
     * others from then on.
     *
     * @param done told when the bytes have left, or why they have not
     */
    void write(ByteBuffer[] pieces, Consumer<@Nullable Throwable> done);

    /**
     * Sends on this thread as much as leaves at once, and moves the pieces' positions behind it. To be
     * called only while every write before is done.
     */
    default void writeNow(ByteBuffer[] pieces) {}

    /** Runs a task soon, on the thread that calls the receiver; drops it if the pipe is closed. */
    void soon(Runnable task);

    /** Closes both directions, dropping what was not yet sent. */
    void close();
  }

  /** What comes out of a pipe. One call at a time, {@code opened} first, {@code closed} last. */
  interface Receiver {
    void opened(Pipe pipe);

    /** The buffer is the receiver's only until it returns. */
    void received(ByteBuffer bytes);

    /** The pipe is gone, for whatever reason; called exactly once. */
    void closed(@Nullable Throwable cause);
  }
}
