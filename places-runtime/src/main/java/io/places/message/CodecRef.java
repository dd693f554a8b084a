package io.places.message;

import org.jspecify.annotations.Nullable;

/**
 * Stands for the codec of a type inside that type's own definition: a tree whose children are trees.
 * Set once, before any codec of the cycle is used.
 */
final class CodecRef implements MessageCodec {
  private @Nullable MessageCodec target;

  void set(MessageCodec codec) {
    target = codec;
  }

  private MessageCodec target() {
    if (target == null) {
      throw new AssertionError("a codec was used before its type was resolved");
    }
    return target;
  }

  @Override
  public void write(MessageWriter out, Object value) {
    target().write(out, value);
  }

  @Override
  public Object read(MessageReader in) {
    return target().read(in);
  }

  @Override
  public Object admit(Object value, Admission admission) {
    return target().admit(value, admission);
  }

  /** Nothing, so that weighing does not follow a recursive value down. */
  @Override
  public int weight(Object value) {
    return 0;
  }

  @Override
  public String protoName(ProtoFile file) {
    return target().protoName(file);
  }
}
