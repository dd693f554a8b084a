package io.places.message;

import io.places.MessageNotAllowedException;
import io.places.ProtocolException;

/** The context without a connection. */
final class NoReferences implements MessageContext {

  @Override
  public byte[] room(int size) {
    return new byte[size];
  }

  @Override
  public void copiedMuch() {}

  @Override
  public <T> byte[] encodeReference(ReferenceType<T> type, T reference) {
    throw new MessageNotAllowedException(
        "a %s travels as a reference, which means something only on a connection between two nodes; it has no encoding by itself"
            .formatted(type.name()));
  }

  @Override
  public <T> T decodeReference(ReferenceType<T> type, byte[] handle) {
    throw new ProtocolException(
        "a %s came as a reference, which means something only on a connection between two nodes"
            .formatted(type.name()));
  }

  @Override
  public byte[] encodeShared(SharedMemory memory) {
    throw new MessageNotAllowedException(
        "%s is memory of this node and cannot travel to another; send a copy of it (toArray) instead"
            .formatted(memory));
  }

  @Override
  public SharedMemory decodeShared(byte[] handle) {
    throw new ProtocolException("memory of one node cannot come from another");
  }
}
