package io.places.message;

import io.places.ProtocolException;

/** The type without values. */
final class NothingType extends MessageType<Void> {

  static final NothingType INSTANCE = new NothingType();

  private NothingType() {
    super(Void.class);
  }

  @Override
  MessageCodec codec() {
    throw new Refusal("Void has no values, so nothing of it can be part of a message");
  }

  @Override
  public Void copy(Void message) {
    throw new AssertionError("no value of Void exists");
  }

  @Override
  public byte[] encode(Void message, MessageContext context, int mostBytes) {
    throw new AssertionError("no value of Void exists");
  }

  @Override
  public Void decode(byte[] bytes, int offset, int length, MessageContext context) {
    throw new ProtocolException(
        "a message of " + length + " bytes came in a direction in which nothing is sent");
  }

  @Override
  public String toProto() {
    return "syntax = \"proto3\";\n\n// Nothing is ever sent.\n";
  }
}
