package io.places.message;

import com.google.protobuf.WireFormat;
import org.jspecify.annotations.Nullable;

/**
 * One component of a message with its number: how often it may occur, and what its absence means.
 * Reading gathers occurrences in {@code soFar}, which is null before the first, and then finishes.
 */
interface FieldCodec {
  /** The bytes of the longest tag. */
  int MOST_TAG = 5;

  /** The bytes of the longest length. */
  int MOST_LENGTH = 5;

  int number();

  /** The tags under which it may come: repeated numbers are read packed and one by one. */
  int[] tags();

  /** Writes tag and content, or nothing for what is the default. */
  void write(MessageWriter out, @Nullable Object value);

  Object read(MessageReader in, int tag, @Nullable Object soFar);

  Object finish(@Nullable Object soFar);

  /**
   * The value itself if it is immutable, else a copy; refused if it may not travel. One tag is counted by
   * the caller.
   */
  Object admit(@Nullable Object value, Admission admission);

  /** About how many bytes it holds, in constant time. */
  int weight(@Nullable Object value);

  /** The line in a .proto. */
  String proto(ProtoFile file, String name);

  static int tag(int number, int wireType) {
    return number << 3 | wireType;
  }

  static int lengthDelimited(int number) {
    return tag(number, WireFormat.WIRETYPE_LENGTH_DELIMITED);
  }

  /** Adds without overflow. */
  static int plus(int weight, long more) {
    return (int) Math.min(Integer.MAX_VALUE, weight + more);
  }
}
