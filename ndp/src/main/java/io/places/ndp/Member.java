package io.places.ndp;

import io.places.Clock;
import io.places.PlacesException;
import io.places.message.MessageType;
import java.util.concurrent.ExecutionException;

/** A worker of a group, as its owner knows it. */
final class Member {
  private static final int MEASURED_BYTES = 4 << 20;
  private static final int FEW_BYTES = 1 << 20;
  private static final int ROUND_TRIPS = 20;
  private static final double NANOS_UNTIL_MEASURED = 1;

  private final int number;
  private final String name;
  private final WorkerClient client;
  private volatile double roundTripNanos = Double.POSITIVE_INFINITY; // until it was measured
  private volatile double nanosPerByte = Double.POSITIVE_INFINITY;

  Member(int number, String name, WorkerClient client) {
    this.number = number;
    this.name = name;
    this.client = client;
  }

  int number() {
    return number;
  }

  String name() {
    return name;
  }

  WorkerClient client() {
    return client;
  }

  boolean isLost() {
    return client.loss() != null;
  }

  /** Gives back what it is sent. */
  static final class Echo implements NdpWork<byte[], byte[]> {
    @Override
    public byte[] run(byte[] argument, NdpNodes nodes) {
      return argument;
    }
  }

  /** Measures the way there and back, the first of which are warming up. */
  void measure(Clock clock) throws InterruptedException {
    roundTripNanos = echo(clock, 1, ROUND_TRIPS);
    nanosPerByte = echo(clock, MEASURED_BYTES, 3) / (2.0 * MEASURED_BYTES);
  }

  /** Measures again how long bytes take, for work that begins now. Takes some milliseconds. */
  void measureBytes(Clock clock) throws InterruptedException {
    nanosPerByte = echo(clock, FEW_BYTES, 2) / (2.0 * FEW_BYTES);
  }

  /** The quickest of some tries. */
  private double echo(Clock clock, int bytes, int tries) throws InterruptedException {
    byte[] argument = MessageType.of(byte[].class).encode(new byte[bytes]);
    long quickest = Long.MAX_VALUE;
    for (int i = 0; i < tries; i++) {
      long start = clock.nanoTime();
      try {
        client.order(false, Echo.class.getName(), argument).answer().get();
      } catch (ExecutionException | PlacesException e) {
        if (isLost() || e instanceof PlacesException) { // the reader may not have heard of the loss yet
          return Double.POSITIVE_INFINITY;
        }
        throw new IllegalStateException("the way to %s cannot be measured".formatted(name), e);
      }
      quickest = Math.min(quickest, clock.nanoTime() - start);
    }
    return quickest;
  }

  /** What a byte takes, one way. */
  double byteNanos() {
    double measured = nanosPerByte;
    return Double.isInfinite(measured) ? NANOS_UNTIL_MEASURED : measured;
  }

  /** Whether the way there was measured, which takes a moment when the group begins. */
  boolean isMeasured() {
    return !Double.isInfinite(nanosPerByte);
  }

  /** What the way there takes, as far as that is measured. */
  Explanation.Way way() {
    return new Explanation.Way(Decisions.nanos(roundTripNanos), nanosPerByte);
  }

  /** Expected time for a part and its result to be copied there and back; infinite until the way is measured. */
  double copyNanos(long bytes) {
    return copyNanos(bytes, nanosPerByte);
  }

  /** As {@link #copyNanos(long)}, by another way than the channel. */
  double copyNanos(long bytes, double nanosForEach) {
    return isMeasured() ? roundTripNanos + bytes * nanosForEach : Double.POSITIVE_INFINITY;
  }

  @Override
  public String toString() {
    return name;
  }
}
