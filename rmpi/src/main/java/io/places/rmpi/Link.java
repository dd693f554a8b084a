package io.places.rmpi;

import org.jspecify.annotations.Nullable;

/** The way to one rank. Safe for use by many threads; what one thread sends arrives in order. */
interface Link {
  /** Up to this size a message is sent whether or not it is wanted; above, when a receive has matched it. */
  int EAGER = 64 << 10;

  /** What may be on its way or unmatched at a receiver from one sender: beyond, senders wait for receives. */
  int EAGER_BYTES = 16 << 20;

  /** What a message that waits for its receive costs besides its content. */
  int OVERHEAD = 128;

  /**
   * Sends a message.
   *
   * @param synchronous whether the request is to be done only when a receive has matched it
   * @param request done when the content is the sender's again
   */
  void send(Envelope envelope, Payload payload, boolean synchronous, Request<Status> request);

  /**
   * Sends elements, if that can be done at once and leaves nothing to wait for; {@link #send} is for all else.
   *
   * @return whether they are sent
   */
  default boolean sendNow(
      int context, int source, int tag, Slice body, @Nullable CollectiveCall call) {
    return false;
  }

  /** Tells the rank, behind all that is on its way to it, that this one has ended in order. */
  void sendEnd();

  /** Tells the rank that the job has failed, and why. */
  void sendFailure(Failure failure);

  /** What is told of a failure. */
  record Failure(Kind kind, String text) {
    /** Which exception the others throw. */
    enum Kind {
      RANK_FAILED,
      COLLECTIVE_MISMATCH,
      DEADLOCK
    }

    RmpiException exception() {
      return switch (kind) {
        case RANK_FAILED -> new RankFailedException(text);
        case COLLECTIVE_MISMATCH -> new CollectiveMismatchException(text);
        case DEADLOCK -> new DeadlockException(text);
      };
    }
  }
}
