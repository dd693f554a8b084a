package io.places.message;

import io.places.MessageNotAllowedException;
import io.places.ProtocolException;

/** The context without a connection. */
final class NoReferences implements MessageContext {

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
}
