package io.places.examples.wordcount;

import io.places.mapreduce.Context;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/*
 * An open-addressed hash table whose words lie one behind the other in one array. Most words of a text
 * were seen before, so most calls of add compare a few bytes and make no object. Handing each
 * occurrence to the context as a String instead made the map phase take 1.6 times as long on the
 * sources of the JDK, unpacking them included, and 1.8 times on plain text.
 */

/** Counts words given as bytes, within a bound on memory. */
final class WordTable {
  /** Well above the distinct words of a usual split; with all that is below, 8 MiB at most. */
  private static final int MOST_WORDS = 1 << 17;

  private static final int MOST_BYTES = 4 << 20;

  /** Words are few for so many slots, so that most are found at the first. */
  private static final int SLOTS = 4 * MOST_WORDS;

  /** Leaves as many bits of a hash as it takes to number the slots. */
  private static final int SHIFT = Integer.numberOfLeadingZeros(SLOTS - 1);

  /** Numbers of words plus one; 0 where free. */
  private final int[] slots = new int[SLOTS];

  private final int[] hashes = new int[MOST_WORDS];
  private final int[] ends = new int[MOST_WORDS + 1];
  private final long[] counts = new long[MOST_WORDS];
  private byte[] bytes = new byte[64 << 10];
  private int size;

  /** The hash of a word with one more byte; that of no bytes is 0. */
  static int hash(int hash, byte next) {
    return 31 * hash + next;
  }

  boolean isFull() {
    return size == MOST_WORDS || ends[size] >= MOST_BYTES;
  }

  /** Counts one occurrence. Not to be called when full. */
  void add(byte[] word, int length, int hash) {
    // Low bits of the hash depend on the last letters alone, the product's high bits on all.
    int slot = (hash * 0x9E3779B9) >>> SHIFT;
    while (slots[slot] != 0) {
      int number = slots[slot] - 1;
      if (hashes[number] == hash && is(number, word, length)) {
        counts[number]++;
        return;
      }
      slot = (slot + 1) & (SLOTS - 1);
    }
    addNew(slot, word, length, hash);
  }

  /** Emits every word with its count and forgets them. */
  void emitAll(Context<String, Long> context) {
    for (int number = 0; number < size; number++) {
      int start = ends[number];
      String word = new String(bytes, start, ends[number + 1] - start, StandardCharsets.UTF_8);
      context.emit(word, counts[number]);
    }
    Arrays.fill(slots, 0);
    size = 0;
  }

  private boolean is(int number, byte[] word, int length) {
    int start = ends[number];
    return ends[number + 1] - start == length
        && Arrays.equals(bytes, start, start + length, word, 0, length);
  }

  private void addNew(int slot, byte[] word, int length, int hash) {
    int start = ends[size];
    if (bytes.length - start < length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, start + length));
    }
    System.arraycopy(word, 0, bytes, start, length);
    hashes[size] = hash;
    counts[size] = 1;
    size++;
    ends[size] = start + length;
    slots[slot] = size;
  }
}
