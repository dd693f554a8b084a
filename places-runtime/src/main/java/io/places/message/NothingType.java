package io.places.message;

import io.places.ProtocolException;

/** The type without values. */
final class NothingType extends MessageType<Void> {

  static final NothingType INSTANCE = new NothingType();

  private NothingType() {
    super(Void.class);
  }

  @Override
  public byte[] encode(Void message) {
    throw new AssertionError("no value of Void exists");
  }

  @Override
  public Void decode(byte[] bytes, int offset, int length) {
    throw new ProtocolException(
        "a message of " + length + " bytes came in a direction in which nothing is sent");
  }
}
