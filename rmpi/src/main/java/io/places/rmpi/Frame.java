package io.places.rmpi;

import java.util.Optional;

/** What two ranks in different JVMs say to each other. */
@SuppressWarnings("ArrayRecordComponent") // never compared; arrays travel as they are
sealed interface Frame {
  /**
   * A whole message.
   *
   * @param ticket of a sender that waits until it is matched; 0 if none does
   */
  record Whole(Head head, long ticket, byte[] body) implements Frame {}

  /** A message that is sent when it is wanted. */
  record Offer(Head head, long ticket, long bytes) implements Frame {}

  /** The offer is wanted: a receive has matched it. */
  record Wanted(long ticket) implements Frame {}

  /** A message was matched: its sender may go on. */
  record Matched(long ticket) implements Frame {}

  /** The offer is not wanted, but it has been matched. */
  record Dropped(long ticket) implements Frame {}

  /** Some of the bytes of a message that is wanted. */
  record Part(long ticket, long at, byte[] bytes) implements Frame {}

  /** Messages that came whole, of so many bytes in all, have been matched. */
  record Room(long bytes) implements Frame {}

  /**
   * Memory for messages between ranks of one host.
   *
   * @param path where to open it
   * @param token its first bytes
   */
  record Memory(String path, byte[] token) implements Frame {}

  /** It is open. */
  record SharedMemory() implements Frame {}

  /** There is none that both can use. */
  record NoMemory(String why) implements Frame {}

  /**
   * A rank can be reached by a connection.
   *
   * @param token to be sent first
   */
  record Listens(String host, int port, byte[] token) implements Frame {}

  /** The connection is there, as far as the rank can see. */
  record Connected() implements Frame {}

  /** There is no connection between the two. */
  record NoConnection(String why) implements Frame {}

  /** There is something in the memory for a rank that has said that it sleeps. */
  record Wake() implements Frame {}

  /** The rank has ended in order. */
  record End() implements Frame {}

  /** The job has failed. */
  record Failed(Link.Failure failure) implements Frame {}

  /** An envelope as it travels. */
  record Head(
      int context, int source, int tag, String type, long count, Optional<CollectiveCall> call) {
    static Head of(Envelope envelope) {
      return new Head(
          envelope.context(),
          envelope.source(),
          envelope.tag(),
          envelope.type(),
          envelope.count(),
          Optional.ofNullable(envelope.call()));
    }

    Envelope envelope() {
      return new Envelope(context, source, tag, type, count, call.orElse(null));
    }
  }
}
