package io.places.wire;

import io.places.ProtocolException;
import io.places.Spawner;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/*
 * The array of a message of 64 MiB takes some milliseconds to make: it is zeroed, and its pages are the
 * system's until then. On the event loop all other channels would wait for that. So another thread makes it,
 * and what comes meanwhile is kept aside. Nothing is moved in large pieces afterwards, either.
 */
/**
 * A message of which fragments are still to come. Made when its whole size has been charged. Owned by the
 * connection's event loop.
 */
final class Assembly {
  /** Arrays up to this size are made where they are needed. */
  private static final int LARGE = 1 << 20;

  /** Fragments that one call puts into place at most, its own included. */
  private static final int MOVED = 4;

  private final long channel;
  private final int marks;
  private final int total;
  private final CompletableFuture<byte[]> bytes = new CompletableFuture<>();
  private final ArrayDeque<byte[]> aside = new ArrayDeque<>();
  private int placed;
  private int size; // with what is aside
  private boolean comesInPlace; // the next fragment does

  /**
   * @param spare an array that will do; null if there is none
   */
  Assembly(long channel, int marks, int total, byte @Nullable [] spare, Spawner spawner) {
    this.channel = channel;
    this.marks = marks;
    this.total = total;
    if (spare != null) {
      bytes.complete(spare);
    } else if (total <= LARGE) {
      bytes.complete(new byte[total]);
    } else {
      spawner.virtual("places-message-" + channel, this::makeArray);
    }
  }

  private void makeArray() {
    try {
      bytes.complete(new byte[total]);
    } catch (OutOfMemoryError e) {
      bytes.completeExceptionally(e); // the event loop throws it
    }
  }

  /**
   * The size of the message whose first fragment this is.
   *
   * @param most bytes that it may take, with the number of a question
   * @throws ProtocolException if it is none, or too large
   */
  static int total(long channel, ByteBuffer body, int most) {
    if (body.remaining() < Integer.BYTES) {
      throw new ProtocolException("the first of several frames without the message's length");
    }
    long total = Integer.toUnsignedLong(body.getInt());
    if (total > most) {
      throw new ProtocolException(
          "a message of %d bytes on channel %d; the bound is %d"
              .formatted(total, channel, most));
    }
    return (int) total;
  }

  /** Flags of its first frame. */
  int marks() {
    return marks;
  }

  /** Of the whole message. */
  int size() {
    return total;
  }

  /** Where the fragment that is about to come, of this size, is to be put; null if it is not known, or too large. */
  @Nullable ByteBuffer room(int more) {
    comesInPlace = bytes.isDone() && aside.isEmpty() && more <= total - size;
    return comesInPlace ? ByteBuffer.wrap(bytes.join(), placed, more).slice() : null;
  }

  void add(ByteBuffer fragment) {
    int more = fragment.remaining();
    if (more > total - size) {
      throw new ProtocolException(
          "a message of %d bytes on channel %d turns out longer".formatted(total, channel));
    }
    size += more;
    if (comesInPlace) {
      comesInPlace = false;
      placed += more;
      return;
    }
    if (bytes.isDone() && aside.size() < MOVED) {
      place(MOVED);
      fragment.get(bytes.join(), placed, more);
      placed += more;
      return;
    }
    byte[] kept = new byte[more];
    fragment.get(kept);
    aside.add(kept);
    if (bytes.isDone()) {
      place(MOVED);
    }
  }

  /** Puts fragments that are aside where they belong. */
  private void place(int atMost) {
    for (int i = 0; i < atMost && !aside.isEmpty(); i++) {
      byte[] kept = aside.remove();
      System.arraycopy(kept, 0, bytes.join(), placed, kept.length);
      placed += kept.length;
    }
  }

  /** The array that begins with the message, of which this was the last fragment. */
  byte[] whole() {
    if (size != total) {
      throw new ProtocolException(
          "a message of %d bytes on channel %d ends after %d".formatted(total, channel, size));
    }
    if (!bytes.isDone()) {
      makeArray(); // better than to wait for a thread that does not get a processor
    }
    place(aside.size());
    return bytes.join();
  }
}
