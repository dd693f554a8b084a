package io.places.message;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Parser;
import com.google.protobuf.WireFormat;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Protocol Buffers input: the fields of one message after the other. Never reads beyond the given
 * range, and takes no memory that the bytes at hand do not account for. Used by one thread.
 */
final class MessageReader {
  private static final VarHandle FIXED64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle FIXED32 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final byte[] bytes;
  private final MessageContext context;
  private int at;
  private int limit;
  private int depth;

  MessageReader(byte[] bytes, int offset, int length, MessageContext context) {
    this.bytes = bytes;
    this.at = offset;
    this.limit = offset + length;
    this.context = context;
  }

  MessageContext context() {
    return context;
  }

  int depth() {
    return depth;
  }

  /** The tag of the next field; 0 at the end of the message. */
  int tag() {
    if (at == limit) {
      return 0;
    }
    int tag = int32();
    if (WireFormat.getTagFieldNumber(tag) == 0) {
      throw new Refusal("a tag with field number 0");
    }
    return tag;
  }

  /** Reads the length of a nested message and goes into it; answers what {@link #leave} needs. */
  int enter() {
    if (depth == MessageType.RECURSION_LIMIT) {
      throw Depth.exceeded();
    }
    depth++;
    return limitTo(length());
  }

  void leave(int outer) {
    depth--;
    limit = outer;
  }

  /** Goes into a packed field; the caller reads while {@link #more()}, then calls {@link #unpack}. */
  int pack() {
    return limitTo(length());
  }

  void unpack(int outer) {
    limit = outer;
  }

  /** How many numbers are in the packed field: each varint ends with the byte whose first bit is 0. */
  int packedCount(int wireType) {
    int length = limit - at;
    if (wireType != WireFormat.WIRETYPE_VARINT) {
      return length / (wireType == WireFormat.WIRETYPE_FIXED64 ? Long.BYTES : Integer.BYTES);
    }
    int continued = 0;
    int i = at;
    for (; i <= limit - Long.BYTES; i += Long.BYTES) {
      continued += Long.bitCount((long) FIXED64.get(bytes, i) & 0x8080_8080_8080_8080L);
    }
    for (; i < limit; i++) {
      continued += bytes[i] < 0 ? 1 : 0;
    }
    return length - continued;
  }

  boolean more() {
    return at < limit;
  }

  private int limitTo(int length) {
    int outer = limit;
    limit = at + length;
    return outer;
  }

  int length() {
    int length = int32();
    if (length < 0 || length > limit - at) {
      throw new Refusal(
          "a length of %d bytes where %d are left".formatted(Integer.toUnsignedLong(length), limit - at));
    }
    return length;
  }

  int int32() {
    return (int) int64(); // protobuf truncates, so that a field can be narrowed
  }

  long int64() {
    if (at < limit) {
      byte first = bytes[at];
      if (first >= 0) {
        at++;
        return first;
      }
    }
    return longVarint();
  }

  /** A varint of up to eight bytes is read as one word, without a branch for each byte. */
  private long longVarint() {
    if (limit - at >= Long.BYTES) {
      long word = (long) FIXED64.get(bytes, at);
      long last = ~word & 0x8080_8080_8080_8080L;
      if (last != 0) {
        at += (Long.numberOfTrailingZeros(last) + 1) >>> 3;
        return joined(word & (last ^ (last - 1)));
      }
    }
    return longVarintByBytes();
  }

  /** The sevens of bits of eight bytes, in one. */
  private static long joined(long bytes) {
    long sevens = bytes & 0x7F7F_7F7F_7F7F_7F7FL;
    long quarters = (sevens & 0x007F_007F_007F_007FL) | ((sevens & 0x7F00_7F00_7F00_7F00L) >>> 1);
    long halves = (quarters & 0x3FFF_0000_3FFFL) | ((quarters & 0x3FFF_0000_3FFF_0000L) >>> 2);
    return (halves & 0xFFF_FFFFL) | ((halves & 0xFFF_FFFF_0000_0000L) >>> 4);
  }

  private long longVarintByBytes() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (at == limit) {
        throw truncated();
      }
      byte b = bytes[at++];
      value |= (long) (b & 0x7F) << shift;
      if (b >= 0) {
        return value;
      }
    }
    throw new Refusal("a varint longer than 10 bytes");
  }

  int int16() {
    return inRange(int64(), Short.MIN_VALUE, Short.MAX_VALUE, "short");
  }

  int int8() {
    return inRange(int64(), Byte.MIN_VALUE, Byte.MAX_VALUE, "byte");
  }

  int char16() {
    return inRange(int64(), Character.MIN_VALUE, Character.MAX_VALUE, "char");
  }

  private static int inRange(long value, int min, int max, String type) {
    if (value < min || value > max) {
      throw new Refusal("%d is no %s, which goes from %d to %d".formatted(value, type, min, max));
    }
    return (int) value;
  }

  boolean bool() {
    return int64() != 0;
  }

  double float64() {
    return Double.longBitsToDouble(fixed64());
  }

  float float32() {
    return Float.intBitsToFloat(fixed32());
  }

  long fixed64() {
    int from = advance(Long.BYTES);
    return (long) FIXED64.get(bytes, from);
  }

  int fixed32() {
    int from = advance(Integer.BYTES);
    return (int) FIXED32.get(bytes, from);
  }

  private int advance(int count) {
    if (count > limit - at) {
      throw truncated();
    }
    int from = at;
    at += count;
    return from;
  }

  String string() {
    int length = length();
    return Utf8.decode(bytes, advance(length), length);
  }

  byte[] lengthDelimited() {
    int length = length();
    int from = advance(length);
    if (length <= MessageWriter.COPY_STEP) {
      return Arrays.copyOfRange(bytes, from, from + length);
    }
    byte[] array = new byte[length];
    for (int done = 0; done < length; ) {
      int step = Math.min(length - done, MessageWriter.COPY_STEP);
      System.arraycopy(bytes, from + done, array, done, step);
      done += step;
      if (done < length) {
        context.copiedMuch();
      }
    }
    return array;
  }

  /** Copies elements to the beginning of an array. */
  void copy(MemorySegment block, Bulk kind, Object array) {
    long size = block.byteSize();
    for (long done = 0; done < size; ) {
      long step = Math.min(size - done, MessageWriter.COPY_STEP);
      kind.read(block.asSlice(done, step), array, (int) (done / kind.width()));
      done += step;
      if (done < size) {
        context.copiedMuch();
      }
    }
  }

  /** The content of a length-delimited field, not copied. */
  MemorySegment segment() {
    return segment(length());
  }

  /** The next bytes, not copied. */
  MemorySegment segment(int length) {
    return MemorySegment.ofArray(bytes).asSlice(advance(length), length);
  }

  /** Reads the rest of this message as protobuf does. */
  <M extends MessageLite> M protobuf(Parser<M> parser) {
    int length = limit - at;
    CodedInputStream in = CodedInputStream.newInstance(bytes, advance(length), length);
    in.setRecursionLimit(MessageType.RECURSION_LIMIT - depth);
    try {
      M message = parser.parseFrom(in);
      in.checkLastTagWas(0);
      return message;
    } catch (InvalidProtocolBufferException e) {
      throw new Refusal(String.valueOf(e.getMessage()), e);
    }
  }

  /** Passes over a field that nobody here knows: a newer peer may know it. */
  void skip(int tag) {
    switch (WireFormat.getTagWireType(tag)) {
      case WireFormat.WIRETYPE_VARINT -> int64();
      case WireFormat.WIRETYPE_FIXED64 -> advance(Long.BYTES);
      case WireFormat.WIRETYPE_LENGTH_DELIMITED -> advance(length());
      case WireFormat.WIRETYPE_FIXED32 -> advance(Integer.BYTES);
      case WireFormat.WIRETYPE_START_GROUP -> skipGroup(WireFormat.getTagFieldNumber(tag));
      default -> throw new Refusal("field %d has wire type %d, which may not be here"
          .formatted(WireFormat.getTagFieldNumber(tag), WireFormat.getTagWireType(tag)));
    }
  }

  private void skipGroup(int number) {
    if (depth == MessageType.RECURSION_LIMIT) {
      throw Depth.exceeded();
    }
    depth++;
    while (true) {
      int tag = tag();
      if (tag == 0) {
        throw truncated();
      }
      if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_END_GROUP) {
        if (WireFormat.getTagFieldNumber(tag) != number) {
          throw new Refusal("group %d ends as group %d".formatted(number, WireFormat.getTagFieldNumber(tag)));
        }
        depth--;
        return;
      }
      skip(tag);
    }
  }

  private static Refusal truncated() {
    return new Refusal("the bytes end in the middle of a field");
  }
}
