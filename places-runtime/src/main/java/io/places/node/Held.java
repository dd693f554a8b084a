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
  private final AtomicLong cost = new AtomicLong();

  Held(Connection connection) {
    this.connection = connection;
  }

  void hold(int size) {
    cost.addAndGet(Connection.cost(size));
  }

  @Override
  public void release(int size) {
    cost.addAndGet(-Connection.cost(size));
    connection.release(size);
  }

  /** Nobody will get any of it. */
  void releaseAll() {
    connection.releaseCost(cost.getAndSet(0));
  }
}
