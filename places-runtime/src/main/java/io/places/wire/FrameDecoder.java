package io.places.wire;

import io.places.ProtocolException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a stream of bytes into frames. Holds at most one header and one body, whatever comes. Used by
 * one thread.
 */
final class FrameDecoder {

  /** Takes whole frames. */
  interface Sink {
    /** The body's buffer is the sink's only until it returns. */
    void frame(FrameHeader header, ByteBuffer body);
  }

  private final ByteBuffer headerBytes = ByteBuffer.allocate(FrameHeader.SIZE);
  private @Nullable FrameHeader header;
  private @Nullable ByteBuffer body;

  /**
   * Takes the next bytes of the stream and hands on each frame that they complete.
   *
   * @throws ProtocolException if a header is out of bounds; the decoder is of no use afterwards
   */
  void decode(ByteBuffer in, Sink sink) {
    while (true) {
      if (header == null) {
        copy(in, headerBytes);
        if (headerBytes.hasRemaining()) {
          return;
        }
        header = FrameHeader.read(headerBytes.flip());
        headerBytes.clear();
      }
      ByteBuffer whole = body(in, header);
      if (whole == null) {
        return;
      }
      FrameHeader complete = header;
      header = null;
      body = null;
      sink.frame(complete, whole);
    }
  }

  /** The whole body: a view of the input if it lies there in one piece, else what was gathered. */
  private @Nullable ByteBuffer body(ByteBuffer in, FrameHeader of) {
    if (body == null) {
      if (in.remaining() >= of.length()) {
        ByteBuffer view = in.slice(in.position(), of.length());
        in.position(in.position() + of.length());
        return view;
      }
      body = ByteBuffer.allocate(of.length());
    }
    copy(in, body);
    return body.hasRemaining() ? null : body.flip();
  }

  private static void copy(ByteBuffer from, ByteBuffer to) {
    int count = Math.min(from.remaining(), to.remaining());
    to.put(to.position(), from, from.position(), count);
    to.position(to.position() + count);
    from.position(from.position() + count);
  }
}
