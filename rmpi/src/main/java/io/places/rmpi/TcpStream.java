package io.places.rmpi;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/**
 * The bytes of a socket that never waits: those that have come and are not read yet, and those that are written
 * and have not gone yet. The two sides do not touch each other; each is used by one thread at a time.
 */
final class TcpStream {
  /** A long message comes in few system calls, and what is read is still near the processor when it is copied. */
  static final int IN = 512 << 10;

  private static final int FIRST_OUT = 256 << 10;

  /** What is moved to the front rather than left where it is: room that was just used is near the processor. */
  private static final int LITTLE = 256;

  private final SocketChannel socket;
  private final ByteBuffer in = ByteBuffer.allocateDirect(IN);
  private final MemorySegment came = MemorySegment.ofBuffer(in.duplicate());
  private int read; // of what came
  private ByteBuffer out = ByteBuffer.allocateDirect(FIRST_OUT);
  private MemorySegment room = MemorySegment.ofBuffer(out.duplicate());
  private int gone; // of what is written

  TcpStream(SocketChannel socket) {
    this.socket = socket;
  }

  SocketChannel socket() {
    return socket;
  }

  /** Whether both ends have the same address. */
  boolean isWithinHost() {
    return socket.socket().getLocalAddress().equals(socket.socket().getInetAddress());
  }

  /**
   * Takes what has come.
   *
   * @return whether there was any
   * @throws IOException also if the peer has ended the connection
   */
  boolean receive() throws IOException {
    int number = socket.read(in);
    if (number < 0) {
      throw new IOException("the other end has closed the connection");
    }
    return number > 0;
  }

  /** Where what has come is, from {@link #at} on. */
  MemorySegment came() {
    return came;
  }

  int at() {
    return read;
  }

  int available() {
    return in.position() - read;
  }

  /** So many bytes are dealt with. */
  void skip(int bytes) {
    read += bytes;
  }

  /** Makes room for something of so many bytes, the beginning of which may be there. */
  void makeRoom(int bytes) {
    if (available() == 0) {
      in.clear();
      read = 0;
    } else if (available() < LITTLE || in.capacity() - read < bytes) {
      in.flip().position(read);
      in.compact();
      read = 0;
    }
  }

  /** Where to write so many bytes, followed by {@link #write}. */
  long roomFor(int bytes) {
    if (out.remaining() < bytes) {
      int left = unsent();
      if (out.capacity() - left >= bytes) {
        out.flip().position(gone);
        out.compact();
      } else {
        ByteBuffer larger = ByteBuffer.allocateDirect(Math.max(2 * out.capacity(), left + bytes));
        MemorySegment largerRoom = MemorySegment.ofBuffer(larger.duplicate());
        out.flip().position(gone); // only now: without memory for more, what is written is not lost
        out = larger.put(out);
        room = largerRoom;
      }
      gone = 0;
    }
    return out.position();
  }

  MemorySegment room() {
    return room;
  }

  /** So many bytes are written. */
  void write(int bytes) {
    out.position(out.position() + bytes);
  }

  /** What is written and has not gone. */
  int unsent() {
    return out.position() - gone;
  }

  /** Sends what the system takes; whether that is all. */
  boolean flush() throws IOException {
    int end = out.position();
    if (gone < end) {
      out.flip().position(gone);
      try {
        socket.write(out);
      } finally {
        gone = out.position();
        out.limit(out.capacity()).position(end);
      }
    }
    if (gone < end) {
      return false;
    }
    out.clear();
    gone = 0;
    return true;
  }
}
