package io.places.message;

import java.lang.ref.SoftReference;
import java.util.ArrayDeque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/*
 * An array of 64 MiB takes milliseconds to make, since it is written over with zeros, and such arrays start garbage
 * collections; all the while other threads wait for a processor. What carried one large message is of no use after
 * it, and just right for the next.
 */
/**
 * Arrays that have carried large messages and may carry others. They are kept softly, and up to a bound, so that they
 * are in nobody's way when memory is short. Safe for use by many threads.
 */
public final class SpareArrays {
  /** What is smaller is made as fast as it is found here. */
  static final int SMALLEST = 1 << 19;

  /** Bytes that are kept at most. */
  static final long MOST_BYTES = Math.min(2L * MessageType.LARGEST, Runtime.getRuntime().maxMemory() / 8);

  private record Kept(int size, SoftReference<byte[]> array) {}

  /** The oldest first, with room for all that are ever kept; it guards itself. */
  private static final ArrayDeque<Kept> KEPT = new ArrayDeque<>((int) (MOST_BYTES / SMALLEST) + 2);

  private static long bytes; // of all of them, guarded by KEPT

  private SpareArrays() {}

  /** An array of at least a size, the caller's alone, with anything in it. */
  public static byte[] take(int size) {
    byte[] kept = find(size);
    return kept == null ? new byte[size] : kept;
  }

  /** As {@link #take}, of those that are kept; null if none of them is of about this size. */
  public static byte @Nullable [] find(int size) {
    if (size < SMALLEST) {
      return null;
    }
    synchronized (KEPT) {
      Iterator<Kept> newestFirst = KEPT.descendingIterator();
      while (newestFirst.hasNext()) {
        Kept kept = newestFirst.next();
        if (size <= kept.size() && kept.size() - kept.size() / 8 <= size) {
          newestFirst.remove();
          bytes -= kept.size();
          byte[] array = kept.array().get();
          if (array != null) {
            return array;
          }
        }
      }
    }
    return null;
  }

  /** Keeps an array that nobody uses any more. */
  public static void give(byte[] array) {
    if (array.length < SMALLEST || array.length > MOST_BYTES) {
      return;
    }
    Kept kept;
    try {
      kept = new Kept(array.length, new SoftReference<>(array));
    } catch (OutOfMemoryError e) {
      return; // whoever gives it has more to do
    }
    synchronized (KEPT) {
      KEPT.add(kept);
      bytes += array.length;
      while (bytes > MOST_BYTES) {
        bytes -= KEPT.remove().size();
      }
    }
  }
}
