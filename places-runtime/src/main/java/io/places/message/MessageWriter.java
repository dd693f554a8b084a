package io.places.message;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/*
 * Writes a message from its end to its beginning. A length prefix is then written when what it counts is
 * already there, so one pass over the values suffices; protobuf-java makes a pass for the sizes first
 * and keeps them in its messages, for which a record has no room. The bytes come out the same.
 *
 * The buffer holds its content at its end and doubles when it is full. What was written is counted from
 * the end, so a mark survives growth.
 */

/** Protocol Buffers output, last field first. Used by one thread, for one message. */
final class MessageWriter {
  /** Longer strings go through the JDK's vectorized UTF-8 encoder, whose extra copy pays from here. */
  private static final int SHORT_STRING = 48;

  private static final int LONGEST_VARINT = 10;

  /** What a Java array can hold on every JVM. */
  private static final int MOST_BYTES = Integer.MAX_VALUE - 8;

  private static final VarHandle FIXED64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle FIXED32 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private final MessageContext context;
  private final List<Transfer<?>> transfers = new ArrayList<>(0);
  private byte[] bytes;
  private int at;
  private int depth;

  MessageWriter(int capacity, MessageContext context) {
    this.bytes = new byte[capacity];
    this.at = capacity;
    this.context = context;
  }

  MessageContext context() {
    return context;
  }

  /** A transfer whose array is among the bytes; it counts as moved once the message is complete. */
  void moves(Transfer<?> transfer) {
    transfers.add(transfer);
  }

  /** The message, exactly as long as it is. */
  byte[] finish() {
    Transfer.commit(transfers);
    return at == 0 ? bytes : Arrays.copyOfRange(bytes, at, bytes.length);
  }

  /** How much is written. */
  int mark() {
    return bytes.length - at;
  }

  /** Begins, that is ends, a nested message. */
  int enter() {
    if (depth == MessageType.RECURSION_LIMIT) {
      throw Depth.exceeded();
    }
    depth++;
    return mark();
  }

  /** Writes the length of the nested message whose end was at {@code mark}. */
  void leave(int mark) {
    depth--;
    length(mark);
  }

  /** Writes the length of what was written since {@code mark}. */
  void length(int mark) {
    varint(mark() - mark);
  }

  int depth() {
    return depth;
  }

  void tag(int tag) {
    varint(tag);
  }

  void varint(long value) {
    if ((value & ~0x7FL) == 0) {
      reserve(1);
      bytes[--at] = (byte) value;
      return;
    }
    reserve(LONGEST_VARINT);
    int p = at - varintSize(value);
    at = p;
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes[p++] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[p] = (byte) rest;
  }

  /** Bytes of a varint: one for each 7 bits; the product is a division by 7 that is right up to 64. */
  static int varintSize(long value) {
    return (640 - Long.numberOfLeadingZeros(value) * 9) >>> 6;
  }

  void fixed64(long value) {
    reserve(Long.BYTES);
    at -= Long.BYTES;
    FIXED64.set(bytes, at, value);
  }

  void fixed32(int value) {
    reserve(Integer.BYTES);
    at -= Integer.BYTES;
    FIXED32.set(bytes, at, value);
  }

  void longField(int tag, long value) {
    if (value != 0) {
      varint(value);
      tag(tag);
    }
  }

  void intField(int tag, int value) {
    if (value != 0) {
      varint(value);
      tag(tag);
    }
  }

  void booleanField(int tag, boolean value) {
    if (value) {
      varint(1);
      tag(tag);
    }
  }

  void doubleField(int tag, double value) {
    long bits = Double.doubleToRawLongBits(value);
    if (bits != 0) { // -0.0 is not the default
      fixed64(bits);
      tag(tag);
    }
  }

  void floatField(int tag, float value) {
    int bits = Float.floatToRawIntBits(value);
    if (bits != 0) {
      fixed32(bits);
      tag(tag);
    }
  }

  /** The UTF-8 form with its length before it. */
  void string(String value) {
    int length = value.length();
    if (length > SHORT_STRING || !shortAscii(value, length)) {
      byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
      if (Utf8.hasLoneSurrogate(value)) {
        throw Utf8.loneSurrogate(value);
      }
      lengthDelimited(utf8);
    }
  }

  private boolean shortAscii(String value, int length) {
    reserve(length);
    byte[] target = bytes;
    int p = at - length;
    for (int i = 0; i < length; i++) {
      char c = value.charAt(i);
      if (c >= 0x80) {
        return false;
      }
      target[p + i] = (byte) c;
    }
    at = p;
    varint(length);
    return true;
  }

  /** The bytes with their length before them. */
  void lengthDelimited(byte[] value) {
    raw(value);
    varint(value.length);
  }

  void raw(byte[] value) {
    reserve(value.length);
    at -= value.length;
    System.arraycopy(value, 0, bytes, at, value.length);
  }

  /** Room for {@code length} bytes, which the caller fills. */
  MemorySegment room(long length) {
    if (length > MOST_BYTES) {
      throw tooLarge(length);
    }
    reserve((int) length);
    at -= (int) length;
    return MemorySegment.ofArray(bytes).asSlice(at, length);
  }

  /** A protobuf message as it writes itself. */
  void protobuf(MessageLite message) {
    int size = message.getSerializedSize();
    reserve(size);
    at -= size;
    CodedOutputStream out = CodedOutputStream.newInstance(bytes, at, size);
    try {
      message.writeTo(out);
      out.checkNoSpaceLeft();
    } catch (IOException e) {
      throw new AssertionError("the room is as long as the encoding", e);
    }
  }

  private void reserve(int count) {
    if (count > at) {
      grow(count);
    }
  }

  private void grow(int count) {
    int written = mark();
    long needed = (long) written + count;
    if (needed > MOST_BYTES) {
      throw tooLarge(needed);
    }
    int capacity = (int) Math.min(MOST_BYTES, Math.max(needed + LONGEST_VARINT, 2L * bytes.length));
    byte[] larger = new byte[capacity];
    System.arraycopy(bytes, at, larger, capacity - written, written);
    bytes = larger;
    at = capacity - written;
  }

  private static Refusal tooLarge(long bytes) {
    return new Refusal(
        "the encoding takes %d bytes or more, and a message at most %d; send it in parts"
            .formatted(bytes, MOST_BYTES));
  }
}
