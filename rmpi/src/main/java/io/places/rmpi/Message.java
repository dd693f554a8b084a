package io.places.rmpi;

/**
 * A message that {@link Comm#mprobe} has found and taken out of the way of all other receives. It must be
 * received, once.
 */
public final class Message {
  private final Comm comm;
  private final Incoming incoming;
  private boolean received; // guarded by this

  Message(Comm comm, Incoming incoming) {
    this.comm = comm;
    this.incoming = incoming;
  }

  public Status status() {
    return incoming.envelope().status();
  }

  /**
   * Receives it into an array.
   *
   * @throws MismatchException if it does not fit; it is dropped
   */
  public Status recv(Slice into) {
    return comm.receive(claimed(), into).await();
  }

  /**
   * Receives it as an object.
   *
   * @throws MismatchException if it is of another type; it is dropped
   */
  public <T> T recv(Class<T> type) {
    return comm.receive(claimed(), type).await().message();
  }

  private synchronized Incoming claimed() {
    if (received) {
      throw new IllegalStateException("the message was received already");
    }
    received = true;
    return incoming;
  }
}
