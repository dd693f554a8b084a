package io.places.rmpi;

import io.places.PlacesException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/*
 * Values go by reference. Elements are copied once, straight from array to array, if the receive is there
 * first or the sender waits for it; twice if they are kept meanwhile.
 */
/** The way to a rank in the same JVM. */
final class LocalLink implements Link {
  private final int from;
  private final World to;
  private final AtomicLong kept = new AtomicLong(); // bytes at the receiver

  LocalLink(int from, World to) {
    this.from = from;
    this.to = to;
  }

  @Override
  public void send(
      Envelope envelope, Payload payload, boolean synchronous, Request<Status> request) {
    to.engine().deliver(new Local(envelope, payload, synchronous, request));
  }

  @Override
  public void sendEnd() {
    to.peerEnded(from);
  }

  @Override
  public void sendFailure(Failure failure) {
    to.failedElsewhere(failure);
  }

  private final class Local implements Incoming {
    private final Envelope envelope;
    private final boolean synchronous;
    private final Request<Status> request;
    private Payload payload; // changed only under the engine's lock, before it can match
    private long charged;

    Local(Envelope envelope, Payload payload, boolean synchronous, Request<Status> request) {
      this.envelope = envelope;
      this.payload = payload;
      this.synchronous = synchronous;
      this.request = request;
    }

    @Override
    public Envelope envelope() {
      return envelope;
    }

    @Override
    public long bytes() {
      return payload.bytes();
    }

    @Override
    public void keep() {
      if (synchronous || (payload.isBorrowed() && payload.bytes() > EAGER)) {
        return; // until a receive has matched it
      }
      long cost = payload.bytes() + OVERHEAD;
      if (kept.addAndGet(cost) > EAGER_BYTES) {
        kept.addAndGet(-cost);
        return;
      }
      try {
        payload = payload.kept();
      } catch (RuntimeException | Error e) {
        kept.addAndGet(-cost);
        throw e;
      }
      charged = cost;
      request.complete(envelope.status(), envelope.status());
    }

    /** Whoever has taken it away may want something else of its sender before it receives it. */
    @Override
    public void hold() {
      if (charged == 0) {
        keep();
      }
    }

    @Override
    public void giveTo(Posted.Receive receive) {
      try {
        receive.take(envelope, payload);
      } finally {
        drop(); // also if it cannot be taken: nothing else ends the wait of its sender
      }
    }

    @Override
    public void drop() {
      kept.addAndGet(-charged);
      request.complete(envelope.status(), envelope.status());
    }

    @Override
    public void fail(Supplier<? extends PlacesException> why) {
      request.fail(why);
    }
  }
}
