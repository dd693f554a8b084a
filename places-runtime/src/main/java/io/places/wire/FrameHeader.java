package io.places.wire;

import io.places.ProtocolException;
import java.nio.ByteBuffer;

/** The fixed header of a frame; see {@code frame.proto} for its layout. */
record FrameHeader(int length, FrameKind kind, int flags, long channel, long sequence) {
  static final int SIZE = 24;
  static final int FIRST = 1;
  static final int LAST = 2;
  static final int QUESTION = 4;
  static final int ANSWER = 8;

  void write(ByteBuffer out) {
    out.putInt(length);
    out.put(kind.code);
    out.put((byte) flags);
    out.putShort((short) 0);
    out.putLong(channel);
    out.putLong(sequence);
  }

  /**
   * Reads a header and checks every bound, before anything is allocated for the body.
   *
   * @throws ProtocolException naming the field, its value and its bound
   */
  static FrameHeader read(ByteBuffer in) {
    long length = Integer.toUnsignedLong(in.getInt());
    int code = Byte.toUnsignedInt(in.get());
    int flags = Byte.toUnsignedInt(in.get());
    int reserved = Short.toUnsignedInt(in.getShort());
    long channel = in.getLong();
    long sequence = in.getLong();
    FrameKind kind = FrameKind.ofCode(code);
    if (kind == null) {
      throw new ProtocolException("a frame of unknown kind " + code + "; known are 1 to 4");
    }
    if (length < kind.minBody || length > kind.maxBody) {
      throw new ProtocolException(
          "a %s frame of %d bytes; allowed are %d to %d"
              .formatted(kind, length, kind.minBody, kind.maxBody));
    }
    int allowedFlags = kind == FrameKind.DATA ? FIRST | LAST | QUESTION | ANSWER : 0;
    if ((flags & ~allowedFlags) != 0 || reserved != 0) {
      throw new ProtocolException(
          "a %s frame with flags 0x%02x and reserved 0x%04x; allowed flags are 0x%02x, reserved is 0"
              .formatted(kind, flags, reserved, allowedFlags));
    }
    return new FrameHeader((int) length, kind, flags, channel, sequence);
  }
}
