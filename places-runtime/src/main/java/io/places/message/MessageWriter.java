package io.places.message;

import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.MessageLite;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/*
 * Writes a message from its end to its beginning. A length prefix is then written when what it counts is
 * already there, so one pass over the values suffices; protobuf-java makes a pass for the sizes first
 * and keeps them in its messages, for which a record has no room. The bytes come out the same.
 *
 * The bytes are gathered in pieces, the newest of which is filled from its end. A piece that is full is
 * put aside, never copied into a larger one; a large array is put aside as it is. So each byte is copied
 * once, or twice if it is small, whatever the size of the message.
 */

/** Protocol Buffers output, last field first. Used by one thread, for one message. */
final class MessageWriter {
  /** Longer strings go through the JDK's vectorized UTF-8 encoder, whose extra copy pays from here. */
  private static final int SHORT_STRING = 48;

  /** Room for a number of ten bytes and a tag, which may be written as a word of eight. */
  static final int SLACK = 24;

  /** What a Java array can hold on every JVM. */
  static final int MOST_BYTES = Integer.MAX_VALUE - 8;

  /** A piece is as large as all before it together, within these bounds. */
  private static final int SMALLEST_PIECE = 512;

  private static final int LARGEST_PIECE = 1 << 20;

  /** An array of so many bytes is a piece by itself: a second copy would cost more than the bookkeeping. */
  private static final int OWN_PIECE = 4_096;

  /** So many bytes of a large message are copied in one go, in some 100 microseconds. */
  static final int COPY_STEP = 1 << 20;

  private static final VarHandle FIXED64 =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle FIXED32 =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  /** What is put aside: a part of the message, and what comes after it. */
  private record Piece(MemorySegment content, @Nullable Piece after) {}

  private final MessageContext context;
  private final int mostBytes;
  private final boolean counting;
  private @Nullable Moves moves;
  private @Nullable Piece aside;
  private long asideBytes;
  private long referredBytes;

  /** The newest piece is {@code bytes} from {@code at} to {@code end}. */
  private byte[] bytes;

  private int at;
  private int end;
  private int depth;

  /**
   * @param buffer the first piece; best if {@link #SLACK} longer than the message
   * @param mostBytes beyond which the message is refused
   */
  MessageWriter(byte[] buffer, MessageContext context, int mostBytes) {
    this(buffer, context, mostBytes, false);
  }

  private MessageWriter(byte[] buffer, MessageContext context, int mostBytes, boolean counting) {
    this.bytes = buffer;
    this.at = bytes.length;
    this.end = bytes.length;
    this.context = context;
    this.mostBytes = mostBytes;
    this.counting = counting;
  }

  /** A writer that keeps nothing of what is written but how much it is. */
  static MessageWriter counting() {
    return new MessageWriter(new byte[SMALLEST_PIECE], MessageContext.NONE, MOST_BYTES, true);
  }

  /** Whether only the size counts. */
  boolean isCounting() {
    return counting;
  }

  MessageContext context() {
    return context;
  }

  /** A transfer whose array is among the bytes; it counts as moved once the message is complete. */
  void moves(Transfer<?> transfer, Object array) {
    if (moves == null) {
      moves = new Moves();
    }
    moves.add(transfer, array);
  }

  /** The message, in the context's room or in an array of its own, which is as long as it is. */
  byte[] finish() {
    if (written() > mostBytes) {
      throw tooLarge(written());
    }
    byte[] whole = aside == null ? Arrays.copyOfRange(bytes, at, end) : join();
    if (moves != null) {
      moves.commit();
    }
    return whole;
  }

  private byte[] join() {
    byte[] whole = context.room((int) written());
    int to = end - at;
    System.arraycopy(bytes, at, whole, 0, to);
    MemorySegment target = MemorySegment.ofArray(whole);
    long inThisStep = to % COPY_STEP; // the newest piece may be longer than a step
    for (Piece piece = aside; piece != null; piece = piece.after()) {
      long size = piece.content().byteSize();
      for (long done = 0; done < size; ) {
        long step = Math.min(size - done, COPY_STEP - inThisStep);
        MemorySegment.copy(piece.content(), done, target, to, step);
        done += step;
        to += (int) step;
        inThisStep += step;
        if (inThisStep == COPY_STEP) {
          inThisStep = 0;
          context.copiedMuch();
        }
      }
    }
    return whole;
  }

  /** How much is written, to tell later how much was written since. */
  int mark() {
    return (int) asideBytes + end - at; // a difference of two is right even if this overflows
  }

  /** How much is written. */
  long written() {
    return asideBytes + end - at;
  }

  /** How much of it needed a buffer. */
  int buffered() {
    return (int) (written() - referredBytes);
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
    reserve(SLACK);
    at = put(bytes, at, tag);
  }

  void varint(long value) {
    reserve(SLACK);
    at = put(bytes, at, value);
  }

  /** Writes a varint that ends before {@code to}; answers where it begins. */
  private static int put(byte[] bytes, int to, long value) {
    if ((value & ~0x7FL) == 0) {
      bytes[to - 1] = (byte) value;
      return to - 1;
    }
    return value >>> 56 == 0 ? putWord(bytes, to, value) : putBytes(bytes, to, value);
  }

  /**
   * Writes a varint of up to eight bytes as one word, without a branch. What the word holds before the
   * varint is overwritten by what comes next.
   */
  private static int putWord(byte[] bytes, int to, long value) {
    long halves = (value & 0xFFF_FFFFL) | ((value & 0xFF_FFFF_F000_0000L) << 4);
    long quarters = (halves & 0x3FFF_0000_3FFFL) | ((halves & 0xFFF_C000_0FFF_C000L) << 2);
    long sevens = (quarters & 0x7F_007F_007F_007FL) | ((quarters & 0x3F80_3F80_3F80_3F80L) << 1);
    int size = varintSize(value);
    int unused = Long.SIZE - 8 * size;
    long more = 0x80_8080_8080_8080L >>> unused; // all bytes but the last say that more follow
    FIXED64.set(bytes, to - Long.BYTES, (sevens | more) << unused);
    return to - size;
  }

  private static int putBytes(byte[] bytes, int to, long value) {
    int from = to - varintSize(value);
    long rest = value;
    for (int i = from; i < to - 1; i++) {
      bytes[i] = (byte) (rest | 0x80);
      rest >>>= 7;
    }
    bytes[to - 1] = (byte) rest;
    return from;
  }

  /** Bytes of a varint, one for each 7 bits: a division by 7 as a product, exact up to 64 bits. */
  private static int varintSize(long value) {
    return (640 - Long.numberOfLeadingZeros(value) * 9) >>> 6;
  }

  private static int put64(byte[] bytes, int to, long value) {
    FIXED64.set(bytes, to - Long.BYTES, value);
    return to - Long.BYTES;
  }

  private static int put32(byte[] bytes, int to, int value) {
    FIXED32.set(bytes, to - Integer.BYTES, value);
    return to - Integer.BYTES;
  }

  void fixed64(long value) {
    reserve(SLACK);
    at = put64(bytes, at, value);
  }

  void fixed32(int value) {
    reserve(SLACK);
    at = put32(bytes, at, value);
  }

  void longField(int tag, long value) {
    if (value != 0) {
      reserve(SLACK);
      at = put(bytes, put(bytes, at, value), tag);
    }
  }

  void intField(int tag, int value) {
    longField(tag, value);
  }

  void booleanField(int tag, boolean value) {
    if (value) {
      longField(tag, 1);
    }
  }

  void doubleField(int tag, double value) {
    long bits = Double.doubleToRawLongBits(value);
    if (bits != 0) { // -0.0 is not the default
      reserve(SLACK);
      at = put(bytes, put64(bytes, at, bits), tag);
    }
  }

  void floatField(int tag, float value) {
    int bits = Float.floatToRawIntBits(value);
    if (bits != 0) {
      reserve(SLACK);
      at = put(bytes, put32(bytes, at, bits), tag);
    }
  }

  /** The UTF-8 form with its length before it. */
  void string(String value) {
    int length = value.length();
    if (counting && length > SHORT_STRING) {
      long size = Utf8.length(value);
      skip(size);
      varint(size);
    } else if (length > SHORT_STRING || !shortAscii(value, length)) {
      lengthDelimited(Utf8.encode(value));
    }
  }

  private boolean shortAscii(String value, int length) {
    reserve(length + SLACK);
    int from = at - length;
    if (!Utf8.copyAscii(value, bytes, from, length)) {
      return false;
    }
    at = put(bytes, from, length);
    return true;
  }

  /** The bytes with their length before them. */
  void lengthDelimited(byte[] value) {
    raw(value);
    varint(value.length);
  }

  private void raw(byte[] value) {
    if (value.length >= OWN_PIECE) {
      refer(MemorySegment.ofArray(value));
    } else {
      reserve(value.length);
      at -= value.length;
      System.arraycopy(value, 0, bytes, at, value.length);
    }
  }

  /** Memory as it is. */
  void raw(MemorySegment content) {
    long size = content.byteSize();
    if (size >= OWN_PIECE) {
      refer(content);
    } else {
      room((int) size).copyFrom(content);
    }
  }

  /** Room for {@code size} bytes, which the caller fills. */
  private MemorySegment room(int size) {
    reserve(size);
    at -= size;
    return MemorySegment.ofArray(bytes).asSlice(at, size);
  }

  /** A protobuf message as it writes itself. */
  void protobuf(MessageLite message) {
    int size = message.getSerializedSize();
    if (counting) {
      skip(size);
      return;
    }
    if (size >= OWN_PIECE) {
      refer(MemorySegment.ofArray(message.toByteArray()));
      return;
    }
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
    long written = written();
    checkSize(written);
    putNewestAside();
    if (!counting || bytes.length < count) {
      bytes = new byte[count + Math.clamp(written, SMALLEST_PIECE, LARGEST_PIECE)];
    }
    at = bytes.length;
    end = at;
  }

  private void putNewestAside() {
    if (counting) {
      skip(0);
    } else if (at < end) {
      aside = new Piece(MemorySegment.ofArray(bytes).asSlice(at, end - at), aside);
      asideBytes += end - at;
      end = at;
    }
  }

  /** Goes before what is written so far; copied when the message is finished. */
  private void refer(MemorySegment content) {
    long size = content.byteSize();
    if (counting) {
      skip(size);
      return;
    }
    checkSize(written() + size);
    putNewestAside();
    aside = new Piece(content, aside);
    asideBytes += size;
    referredBytes += size;
  }

  /** Counts bytes that nobody will read. */
  void skip(long count) {
    asideBytes += end - at + count;
    at = bytes.length;
    end = at;
  }

  /** Gives up early; how large the message is altogether is found out by counting. */
  private void checkSize(long bytes) {
    if (bytes > mostBytes && !counting) {
      throw tooLarge(bytes);
    }
  }

  private Refusal tooLarge(long bytes) {
    return new Refusal(
        "the encoding takes %d bytes or more, and at most %d are allowed; send it in parts"
            .formatted(bytes, mostBytes));
  }
}
