package io.places.message;

import io.places.MessageNotAllowedException;
import io.places.ProtocolException;

/** A type that this package reads and writes itself. */
final class StructuredType<T> extends MessageType<T> {
  /** Fits most messages, so that few grow the buffer before the usual size is known. */
  private static final int FIRST_CAPACITY = 64;

  /** A larger buffer is not made ahead of need: one large message must not slow all small ones. */
  private static final int LARGEST_USUAL = 1 << 16;

  private final String name;
  private final String root;
  private final MessageCodec codec;

  /** About the size of the last encodings. Threads may overwrite each other's: it is only a guess. */
  private int usual = FIRST_CAPACITY;

  /**
   * @param root what the path to a bad component begins with
   */
  StructuredType(Class<T> javaType, String name, String root, MessageCodec codec) {
    super(javaType);
    this.name = name;
    this.root = root;
    this.codec = codec;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  MessageCodec codec() {
    return codec;
  }

  @Override
  void checkContent(T message) {
    admit(message, Admission.check());
  }

  @Override
  @SuppressWarnings("unchecked") // the codec answers what it is given, or one like it
  public T copy(T message) {
    return (T) admit(message, Admission.copy());
  }

  private Object admit(T message, Admission admission) {
    try {
      Object admitted = codec.admit(message, admission);
      admission.commit();
      return admitted;
    } catch (RuntimeException e) {
      throw notAllowed(e);
    }
  }

  @Override
  public int weight(T message) {
    return codec.weight(message);
  }

  @Override
  public byte[] encode(T message, MessageContext context) {
    byte[] bytes;
    try {
      var out = new MessageWriter(capacity(message), context);
      codec.write(out, message);
      bytes = out.finish();
    } catch (RuntimeException e) {
      throw notAllowed(e);
    }
    usual = Math.min(LARGEST_USUAL, Math.max(bytes.length, usual - usual / 8));
    return bytes;
  }

  private int capacity(T message) {
    int exact = codec.exactSize(message);
    return exact >= 0
        ? exact
        : Math.max(usual, FieldCodec.plus(FIRST_CAPACITY, codec.weight(message)));
  }

  @Override
  @SuppressWarnings("unchecked") // the codec of this type answers values of it
  public T decode(byte[] bytes, int offset, int length, MessageContext context) {
    try {
      return (T) codec.read(new MessageReader(bytes, offset, length, context));
    } catch (RuntimeException e) {
      Refusal refusal = Refusal.of(e);
      throw new ProtocolException(
          "%d bytes are no %s: %s".formatted(length, name, refusal.describe(root)),
          refusal.getCause());
    }
  }

  private MessageNotAllowedException notAllowed(RuntimeException e) {
    Refusal refusal = Refusal.of(e);
    return new MessageNotAllowedException(refusal.describe(root), refusal.getCause());
  }

  @Override
  public String toProto() {
    return ProtoFile.print(javaType().getPackageName(), codec);
  }
}
