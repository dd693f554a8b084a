package io.places.rmpi;

import java.io.IOException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** Sleeps until one of some sockets has something, too. */
final class SocketSleeper implements Sleeper {
  private final Selector selector;
  private final AtomicBoolean sleeps = new AtomicBoolean();

  SocketSleeper() throws IOException {
    selector = Selector.open();
  }

  /** The key says what of the socket ends a sleep. */
  SelectionKey register(SocketChannel socket) throws IOException {
    socket.configureBlocking(false);
    return socket.register(selector, SelectionKey.OP_READ);
  }

  @Override
  public void begin() {
    sleeps.set(true);
  }

  @Override
  public void sleep(long nanos) {
    if (!sleeps.get()) {
      return;
    }
    try {
      selector.select(Math.max(1, Duration.ofNanos(nanos).toMillis()));
      selector.selectedKeys().clear();
    } catch (ClosedSelectorException e) {
      // The rank is over.
    } catch (IOException e) {
      throw new RmpiException("cannot wait for sockets: " + e.getMessage(), e);
    } finally {
      sleeps.set(false);
    }
  }

  @Override
  public void wake() {
    if (sleeps.compareAndSet(true, false)) {
      selector.wakeup();
    }
  }

  @Override
  public void close() {
    try {
      selector.close();
    } catch (IOException e) {
      // There is nothing left of it either way.
    }
  }
}
