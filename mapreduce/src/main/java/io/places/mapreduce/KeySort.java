package io.places.mapreduce;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/*
 * Sorts numbers of keys by the keys' bytes, four bytes at a time. Each key becomes one long:
 *
 *   bits 63..32  the next four bytes of the key, filled up with zeros at its end
 *   bits 31..29  how many of the four are bytes of the key (0 to 4): "a" comes before "a\0"
 *   bits 28..0   the number of the key: equal keys stay in the order in which they were added
 *
 * The longs are sorted by the JDK's sort for primitives, which touches no key. Then each group of
 * keys that agree in four whole bytes is sorted by the bytes that follow. What all keys of a group
 * have in common is skipped first, so that many equal long keys cost one look at each.
 *
 * Many keys are first dealt out by two bytes. That goes over the keys in the order in which they lie in memory, and
 * already packs the four bytes behind these: most keys are then looked at in no other order, where each look would
 * wait for memory.
 */
final class KeySort {
  private static final int NUMBER_BITS = 29;
  private static final int WHOLE = 4;

  /** From here on it pays to deal them out. */
  private static final int MANY = 1 << 12;

  /** By what a byte of a key may be: 0 if the key has ended. */
  private static final int VALUES = 257;

  /** What two keys must share to be told apart by later bytes only. */
  private static final long SAME = -1L << NUMBER_BITS;

  private static final VarHandle BIG_ENDIAN =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

  private final byte[] bytes;
  private final int[] at;
  private final int[] length;
  private final long[] packed;

  private KeySort(byte[] bytes, int[] at, int[] length, long[] packed) {
    this.bytes = bytes;
    this.at = at;
    this.length = length;
    this.packed = packed;
  }

  /** The numbers 0 to {@code size - 1} by partition, then by key, then by number. */
  static int[] sorted(
      byte[] bytes, int[] at, int[] length, int[] partition, int size, int partitions) {
    if (size >= 1 << NUMBER_BITS) {
      throw new IllegalArgumentException(size + " keys to sort; fewer than " + (1 << NUMBER_BITS));
    }
    int[] ends = new int[partitions];
    for (int i = 0; i < size; i++) {
      ends[partition[i]]++;
    }
    for (int p = 1; p < partitions; p++) {
      ends[p] += ends[p - 1];
    }
    long[] packed = new long[size];
    int[] next = ends.clone();
    for (int i = size - 1; i >= 0; i--) {
      packed[--next[partition[i]]] = i;
    }
    KeySort sort = new KeySort(bytes, at, length, packed);
    for (int p = 0; p < partitions; p++) {
      sort.sort(next[p], ends[p]);
    }
    int[] order = new int[size];
    for (int i = 0; i < size; i++) {
      order[i] = number(packed[i]);
    }
    return order;
  }

  private void sort(int from, int to) {
    if (to - from < MANY) {
      sort(from, to, 0);
      return;
    }
    int common = common(from, to, 0);
    int[] ends = new int[VALUES * VALUES];
    for (int i = from; i < to; i++) {
      ends[twoBytes(number(packed[i]), common)]++;
    }
    int end = 0;
    for (int two = 0; two < ends.length; two++) {
      int keys = ends[two];
      ends[two] = end;
      end += keys;
    }
    long[] dealt = new long[to - from];
    for (int i = from; i < to; i++) {
      int key = number(packed[i]);
      int at = ends[twoBytes(key, common)]++;
      dealt[at] = length[key] - common >= 2 ? pack(key, common + 2) : key;
    }
    System.arraycopy(dealt, 0, packed, from, dealt.length);
    int first = from;
    for (int two = 0; two < ends.length; two++) {
      int next = from + ends[two];
      if (next - first > 1 && two % VALUES > 0) { // else the keys have ended, so they are equal
        sortPacked(first, next, common + 2);
      }
      first = next;
    }
  }

  /** The two bytes of a key behind some, as a number in the order of keys. */
  private int twoBytes(int key, int depth) {
    int left = length[key] - depth;
    int start = at[key] + depth;
    return left >= 2
        ? ((bytes[start] & 0xFF) + 1) * VALUES + (bytes[start + 1] & 0xFF) + 1
        : left == 1 ? ((bytes[start] & 0xFF) + 1) * VALUES : 0;
  }

  /** Sorts a range of keys that agree in their first {@code depth} bytes and are packed from there on. */
  private void sortPacked(int from, int to, int depth) {
    Arrays.sort(packed, from, to);
    int next;
    for (int first = from; first < to; first = next) {
      next = groupEnd(first, to);
      sortGroup(first, next, depth + WHOLE);
    }
  }

  /**
   * Sorts a range of keys that agree in their first {@code depth} bytes. The largest group is left
   * to the loop and only the others recurse: each of them is at most half the range, so the stack
   * holds fewer than 30 calls whatever the keys are.
   */
  private void sort(int start, int end, int depth) {
    int from = start;
    int to = end;
    int agreed = depth;
    while (to - from > 1) {
      int common = agreed + common(from, to, agreed);
      for (int i = from; i < to; i++) {
        packed[i] = pack(number(packed[i]), common);
      }
      Arrays.sort(packed, from, to);
      agreed = common + WHOLE;
      int largest = largestGroup(from, to);
      int largestEnd = groupEnd(largest, to); // now: sorting a group changes what it is told by
      int next;
      for (int first = from; first < to; first = next) {
        next = groupEnd(first, to);
        if (first != largest) {
          sortGroup(first, next, agreed);
        }
      }
      if (isSorted(largest)) {
        return;
      }
      from = largest;
      to = largestEnd;
    }
  }

  private void sortGroup(int from, int to, int depth) {
    if (to - from > 1 && !isSorted(from)) {
      sort(from, to, depth);
    }
  }

  /** Whether the group that begins here has no bytes left by which to tell its keys apart. */
  private boolean isSorted(int first) {
    return ((packed[first] >>> NUMBER_BITS) & 7) < WHOLE;
  }

  private int largestGroup(int from, int to) {
    int largest = from;
    int largestSize = 0;
    int next;
    for (int first = from; first < to; first = next) {
      next = groupEnd(first, to);
      if (next - first > largestSize) {
        largest = first;
        largestSize = next - first;
      }
    }
    return largest;
  }

  private int groupEnd(int first, int to) {
    int end = first;
    while (end < to && ((packed[end] ^ packed[first]) & SAME) == 0) {
      end++;
    }
    return end;
  }

  /** How many bytes from {@code depth} on all keys of the range have in common. */
  private int common(int from, int to, int depth) {
    int model = number(packed[from]);
    int start = at[model] + depth;
    int least = length[model] - depth;
    for (int i = from + 1; i < to && least > 0; i++) {
      int key = number(packed[i]);
      int other = at[key] + depth;
      int left = Math.min(least, length[key] - depth);
      int differs = Arrays.mismatch(bytes, start, start + left, bytes, other, other + left);
      least = differs < 0 ? left : differs;
    }
    return least;
  }

  private long pack(int key, int depth) {
    int start = at[key] + depth;
    int left = Math.min(WHOLE, length[key] - depth);
    int prefix = 0;
    if (left == WHOLE) {
      prefix = (int) BIG_ENDIAN.get(bytes, start);
    } else {
      for (int i = 0; i < left; i++) {
        prefix |= (bytes[start + i] & 0xFF) << (24 - 8 * i);
      }
    }
    // The sign bit is flipped because the JDK sorts longs as signed numbers.
    return (long) (prefix ^ Integer.MIN_VALUE) << 32 | (long) left << NUMBER_BITS | key;
  }

  private static int number(long packed) {
    return (int) (packed & ~SAME);
  }
}
