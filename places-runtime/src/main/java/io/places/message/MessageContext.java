package io.places.message;

import io.places.MessageNotAllowedException;
import io.places.ProtocolException;

/**
 * How values that travel as references, such as ends of channels, become bytes and values again on one
 * connection. Whoever owns connections implements it; everything else encodes with {@link #NONE}.
 */
public interface MessageContext {

  /** An array for an encoding of this size; the encoding is its beginning, if it is longer. */
  byte[] room(int size);

  /** Called between the steps in which a large message is copied: others may want to run. */
  void copiedMuch();

  /** Refuses references: they mean something only on a connection between two nodes. */
  MessageContext NONE = new NoReferences();

  /**
   * The bytes by which the peer finds what is referred to.
   *
   * @throws MessageNotAllowedException if it cannot travel on this connection
   */
  <T> byte[] encodeReference(ReferenceType<T> type, T reference);

  /**
   * The reference that the peer's {@link #encodeReference} wrote.
   *
   * @throws ProtocolException if the handle means nothing here
   */
  <T> T decodeReference(ReferenceType<T> type, byte[] handle);

  /**
   * The bytes by which a receiver on the same node finds memory that the places of a node share.
   *
   * @throws MessageNotAllowedException if the receiver is on another node
   */
  byte[] encodeShared(SharedMemory memory);

  /**
   * The memory that {@link #encodeShared} wrote.
   *
   * @throws ProtocolException if it comes from another node
   */
  SharedMemory decodeShared(byte[] handle);
}
