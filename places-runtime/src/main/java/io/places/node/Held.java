package io.places.node;

import io.places.channel.Encoded;
import io.places.wire.Connection;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What messages that came by one link take of the connection's budget, until they are got or dropped, or
 * the end is that had not got them. Safe for use by many threads.
 */
final class Held implements Encoded.Holder {
  private final Connection connection;
  private final AtomicLong messages = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();

  Held(Connection connection) {
    this.connection = connection;
  }

  void hold(int size) {
    messages.incrementAndGet();
    bytes.addAndGet(size);
  }

  @Override
  public void release(int size) {
    messages.decrementAndGet();
    bytes.addAndGet(-size);
    connection.release(size);
  }

  /** Nobody will get any of it. */
  void releaseAll() {
    long count = messages.getAndSet(0);
    long all = bytes.getAndSet(0);
    for (long i = 0; i < count; i++) { // each has its overhead
      connection.release(i == 0 ? (int) all : 0);
    }
  }
}
