package io.places.wire;

import io.places.ProtocolException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into frames. Holds at most one header and two bodies, whatever comes. Used by
 * one thread.
 */
final class FrameDecoder {

  /** Takes whole frames. */
  interface Sink {
    /** The body's buffer is the sink's only until it returns. */
    void frame(FrameHeader header, ByteBuffer body);

    /** Where a body that comes in pieces is to be put together; null if anywhere. */
    default @Nullable ByteBuffer room(FrameHeader header) {
      return null;
    }
  }

  /** Shorter ones are made anew: who sends no large messages needs no buffer for them. */
  private static final int LONG_BODY = 32 << 10;

  private final ByteBuffer headerBytes = ByteBuffer.allocate(FrameHeader.SIZE);
  private @Nullable FrameHeader header;
  private @Nullable ByteBuffer body; // if it comes in pieces
  private @Nullable ByteBuffer used; // of the last one that was long, for the next
  private boolean moreFollows;

  /**
   * Takes the next bytes of the stream and hands on each frame that they complete.
   *
   * @throws ProtocolException if a header is out of bounds; the decoder is of no use afterwards
   */
  void decode(ByteBuffer in, Sink sink) {
    while (readHeader(in)) {
      FrameHeader next = header;
      ByteBuffer gathered = body;
      if (next == null) {
        throw new AssertionError("there is a header");
      }
      if (gathered == null && in.remaining() >= next.length()) {
        header = null;
        hand(next, in, sink);
        continue;
      }
      if (gathered == null) {
        ByteBuffer room = sink.room(next);
        gathered = room == null ? room(next.length()) : room;
        body = gathered;
      }
      copy(in, gathered);
      if (gathered.hasRemaining()) {
        return;
      }
      header = null;
      body = null;
      moreFollows = in.hasRemaining();
      sink.frame(next, gathered.flip());
    }
  }

  /** The frames of large messages come in pieces, one after the other: one buffer serves them all. */
  private ByteBuffer room(int length) {
    if (length < LONG_BODY) {
      return ByteBuffer.allocate(length);
    }
    ByteBuffer room = used;
    if (room == null) {
      room = ByteBuffer.allocate(FrameKind.MAX_BODY);
      used = room;
    }
    return room.clear().limit(length);
  }

  /** Answers whether there is one. */
  private boolean readHeader(ByteBuffer in) {
    if (header == null) {
      if (headerBytes.position() == 0 && in.remaining() >= FrameHeader.SIZE) {
        header = FrameHeader.read(in);
        return true;
      }
      copy(in, headerBytes);
      if (headerBytes.hasRemaining()) {
        return false;
      }
      header = FrameHeader.read(headerBytes.flip());
      headerBytes.clear();
    }
    return true;
  }

  /** The body lies in the input as a whole: the sink reads it there. */
  private void hand(FrameHeader next, ByteBuffer in, Sink sink) {
    int limit = in.limit();
    int end = in.position() + next.length();
    moreFollows = end < limit;
    in.limit(end);
    sink.frame(next, in);
    in.limit(limit).position(end);
  }

  /** Whether anything came behind the frame that the sink has just been given. */
  boolean moreFollows() {
    return moreFollows;
  }

  private static void copy(ByteBuffer from, ByteBuffer to) {
    int count = Math.min(from.remaining(), to.remaining());
    to.put(to.position(), from, from.position(), count);
    to.position(to.position() + count);
    from.position(from.position() + count);
  }
}
