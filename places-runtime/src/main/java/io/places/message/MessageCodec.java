package io.places.message;

/** The fields of one message, without tag and length. */
interface MessageCodec {
  /** Writes the fields, last one first. */
  void write(MessageWriter out, Object value);

  /** Reads fields up to the end of the message. */
  Object read(MessageReader in);

  /** The value itself if it is immutable, else a copy; refused if it may not travel. */
  Object admit(Object value, Admission admission);

  /** About how many bytes it holds, in constant time. */
  int weight(Object value);

  /** Its name in a .proto, to which its definition is added. */
  String protoName(ProtoFile file);
}
