package io.places.message;

import io.places.MessageNotAllowedException;
import io.places.ProtocolException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.List;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** A type that this package reads and writes itself. */
final class StructuredType<T> extends MessageType<T> {
  /** Fits most messages, so that few grow the buffer before the usual size is known. */
  private static final int FIRST_CAPACITY = 64;

  /** A new buffer of this size costs less than keeping one. */
  private static final int LARGEST_FRESH = 1_024;

  /** No more than this is kept or made ahead of need. */
  private static final int LARGEST_BUFFER = 1 << 18;

  private static final VarHandle SPARE;

  static {
    try {
      SPARE = MethodHandles.lookup().findVarHandle(StructuredType.class, "spare", byte[].class);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("the field is declared below", e);
    }
  }

  private final String name;
  private final String root;
  private final MessageCodec codec;

  /** About the size of the last encodings. Threads may overwrite each other's: it is only a guess. */
  private int usual = FIRST_CAPACITY;

  /** A large buffer that no thread uses now: clearing a new one would take as long as filling it. */
  @SuppressWarnings("UnusedVariable") // taken and given back through SPARE
  private volatile byte @Nullable [] spare;

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
    admit(message, Admission.check(), LARGEST);
  }

  @Override
  @SuppressWarnings("unchecked") // the codec answers what it is given, or one like it
  public T copy(T message) {
    return (T) admit(message, Admission.copy(), LARGEST);
  }

  @Override
  public Object copy(T message, BiFunction<Object, List<Object>, Object> referring) {
    Admission admission = Admission.copy();
    Object copied = admit(message, admission, LARGEST);
    List<Object> references = admission.references();
    return references == null ? copied : referring.apply(copied, references);
  }

  private Object admit(T message, Admission admission, int mostBytes) {
    try {
      Object admitted = codec.admit(message, admission);
      if (admission.bytes() > mostBytes) {
        checkSize(message, mostBytes);
      }
      admission.commit();
      return admitted;
    } catch (RuntimeException e) {
      throw notAllowed(e);
    }
  }

  private void checkSize(T message, int mostBytes) {
    MessageWriter out = MessageWriter.counting();
    codec.write(out, message);
    if (out.written() > mostBytes) {
      throw new Refusal(
          "a %s of %d bytes is too large: a message takes at most %d%s; send it in parts"
              .formatted(
                  javaType().getTypeName(),
                  out.written(),
                  mostBytes,
                  mostBytes < LARGEST ? " between these two nodes (NodeOptions.largestMessage)" : ""));
    }
  }

  @Override
  public int weight(T message) {
    return codec.weight(message);
  }

  @Override
  public byte[] encode(T message) {
    return encode(message, MessageContext.NONE, MessageWriter.MOST_BYTES);
  }

  @Override
  public byte[] encode(T message, MessageContext context, int mostBytes) {
    byte[] buffer = takeBuffer();
    try {
      var out = new MessageWriter(buffer, context, mostBytes);
      codec.write(out, message);
      byte[] bytes = out.finish();
      usual = Math.clamp(out.buffered(), usual - usual / 8, LARGEST_BUFFER);
      return bytes;
    } catch (RuntimeException e) {
      admit(message, Admission.check(), mostBytes); // in the words and the order in which a copy is refused
      throw notAllowed(e);
    } finally {
      if (buffer.length > LARGEST_FRESH) {
        SPARE.set(this, buffer);
      }
    }
  }

  private byte[] takeBuffer() {
    int capacity = usual + MessageWriter.SLACK;
    if (capacity > LARGEST_FRESH) {
      byte[] kept = (byte[]) SPARE.getAndSet(this, null);
      if (kept != null && kept.length >= capacity) {
        return kept;
      }
    }
    return new byte[capacity];
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
