package io.places.message;

/**
 * One value that is never absent, as the content of a field: what an element of a list, a side of a
 * map entry or a plain component is.
 *
 * <p>Implementations are records, enum constants and hidden classes, because the JIT trusts their final
 * fields: from the constant in the generated code of a record it folds a whole tree of codecs into
 * straight-line code.
 */
interface ValueCodec {
  /** As protobuf numbers them; anything but length-delimited may be packed. */
  int wireType();

  /** Writes the content, its length before it where it has one. */
  void write(MessageWriter out, Object value);

  Object read(MessageReader in);

  /** Whether a plain field leaves it out. */
  boolean isDefault(Object value);

  /** What a plain field that was left out means. */
  Object defaultValue();

  /** The value itself if it is immutable, else a copy; refused if it may not travel. */
  Object admit(Object value, Admission admission);

  /** About how many bytes it holds, in constant time. */
  default int weight(Object value) {
    return 0;
  }

  /** How a .proto names it. */
  String protoType(ProtoFile file);
}
