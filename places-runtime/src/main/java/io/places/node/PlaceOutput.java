package io.places.node;

import io.places.Interrupts;
import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.PutTimeoutException;
import io.places.channel.PlaceChannel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.util.concurrent.locks.ReentrantLock;

/**
 * One of the two output streams of a place whose creator is on another node. Sends whole lines, each in
 * a message without its line end; a line without an end goes when the place ends.
 */
final class PlaceOutput extends OutputStream {
  static final byte OUT = 1;
  static final byte ERR = 2;

  /** Added to one of these: the line does not end with this message. */
  static final byte GOES_ON = 4;

  /** A longer line goes in pieces: there must be a bound. */
  private static final int MAX_LINE = 32 << 10;

  private final PlaceChannel<byte[], byte[]> creator;
  private final byte stream;
  private final ReentrantLock lock = new ReentrantLock();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  PlaceOutput(PlaceChannel<byte[], byte[]> creator, byte stream) {
    this.creator = creator;
    this.stream = stream;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    lock.lock();
    try {
      int from = offset;
      int end = offset + length;
      for (int at = offset; at < end; at++) {
        boolean cut = at - from + line.size() >= MAX_LINE && (bytes[at] & 0xC0) != 0x80;
        if (bytes[at] == '\n' || cut) { // a long line is cut between characters
          line.write(bytes, from, at - from);
          boolean ends = bytes[at] == '\n';
          from = ends ? at + 1 : at;
          sendLine(ends);
        }
      }
      line.write(bytes, from, end - from);
    } finally {
      lock.unlock();
    }
  }

  /** Sends a last line that has no end. */
  @Override
  public void close() throws IOException {
    lock.lock();
    try {
      if (line.size() > 0) {
        sendLine(false);
      }
    } finally {
      lock.unlock();
    }
  }

  private void sendLine(boolean ends) throws IOException {
    byte[] message = new byte[1 + line.size()];
    message[0] = (byte) (ends ? stream : stream + GOES_ON);
    System.arraycopy(line.toByteArray(), 0, message, 1, line.size());
    line.reset();
    while (true) {
      try {
        creator.put(message);
        return;
      } catch (PutTimeoutException e) {
        // The creator's terminal stands still. It is there, so wait: a lost creator is another exception.
      } catch (PlaceInterruptedException e) {
        Interrupts.interrupt(Thread.currentThread(), e.kind()); // for the place, not for its printing
        if (!creator.offer(message)) {
          throw new InterruptedIOException("interrupted while the creator's terminal stands still");
        }
        return;
      } catch (PlacesException e) {
        throw new IOException("the creator of this place is gone", e);
      }
    }
  }
}
