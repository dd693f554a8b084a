package io.places.examples.wordcount;

import io.places.mapreduce.Context;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/*
 * An open-addressed hash table. A word takes four longs of one array, side by side so that a look-up
 * touches one or two lines of the cache:
 *
 *   TAIL   the last eight bytes of the word, which are all of it for most words
 *   SHAPE  its hash in the upper half, its length in the lower half; 0 where the cell is free
 *   START  where its bytes begin in the array of all words
 *   COUNT  how often it was added
 *
 * Most words of a text were seen before, so most calls of add compare two numbers and add one.
 */

/** Counts words given as bytes, within a bound on memory. */
final class WordTable {
  private static final int TAIL = 0;
  private static final int SHAPE = 1;
  private static final int START = 2;
  private static final int COUNT = 3;
  private static final int CELL = 4;

  /** Above the distinct words of a usual split; with the bytes below, 12 MiB at most. */
  private static final int MOST_WORDS = 1 << 17;

  private static final int MOST_BYTES = 4 << 20;

  private static final int FIRST_CELLS = 1 << 14;

  private long[] cells = new long[CELL * FIRST_CELLS];
  private byte[] bytes = new byte[64 << 10];
  private int used;
  private int size;

  /** Counts one occurrence of any word. Not to be called when full. */
  void add(byte[] word, int length) {
    long tail = 0;
    long hash = 0;
    for (int i = 0; i < length; i++) {
      tail = (tail << 8) | (word[i] & 0xFF);
      if ((i & 7) == 7) {
        hash = fold(hash, tail);
      }
    }
    add(word, length, tail, fold(hash, tail));
  }

  /** The hash of a word, made by folding in each eight bytes and then what is left of them. */
  static long fold(long hash, long eightBytes) {
    long product = (hash ^ eightBytes) * 0x9E3779B97F4A7C15L;
    return product ^ (product >>> 32);
  }

  boolean isFull() {
    return size == MOST_WORDS || used >= MOST_BYTES;
  }

  /**
   * Counts one occurrence. Not to be called when full.
   *
   * @param tail the last eight bytes of the word, the last one lowest
   * @param hash of all its bytes
   */
  void add(byte[] word, int length, long tail, long hash) {
    long shape = (hash << 32) | length;
    int mask = cells.length - 1;
    int cell = (int) (hash * CELL) & mask;
    while (cells[cell + SHAPE] != 0) {
      if (cells[cell + TAIL] == tail
          && cells[cell + SHAPE] == shape
          && (length <= Long.BYTES || is((int) cells[cell + START], word, length))) {
        cells[cell + COUNT]++;
        return;
      }
      cell = (cell + CELL) & mask;
    }
    addNew(cell, word, tail, shape);
  }

  /** Emits every word with its count and forgets them. */
  void emitAll(Context<String, Long> context) {
    for (int cell = 0; cell < cells.length; cell += CELL) {
      long shape = cells[cell + SHAPE];
      if (shape != 0) {
        String word =
            new String(bytes, (int) cells[cell + START], (int) shape, StandardCharsets.UTF_8);
        context.emit(word, cells[cell + COUNT]);
      }
    }
    Arrays.fill(cells, 0);
    used = 0;
    size = 0;
  }

  private boolean is(int start, byte[] word, int length) {
    return Arrays.equals(bytes, start, start + length, word, 0, length);
  }

  private void addNew(int cell, byte[] word, long tail, long shape) {
    int length = (int) shape;
    if (bytes.length - used < length) {
      bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, used + length));
    }
    System.arraycopy(word, 0, bytes, used, length);
    cells[cell + TAIL] = tail;
    cells[cell + SHAPE] = shape;
    cells[cell + START] = used;
    cells[cell + COUNT] = 1;
    used += length;
    size++;
    if (2 * CELL * size > cells.length) {
      grow();
    }
  }

  private void grow() {
    long[] old = cells;
    cells = new long[2 * old.length];
    int mask = cells.length - 1;
    for (int from = 0; from < old.length; from += CELL) {
      if (old[from + SHAPE] != 0) {
        int cell = (int) ((old[from + SHAPE] >>> 32) * CELL) & mask;
        while (cells[cell + SHAPE] != 0) {
          cell = (cell + CELL) & mask;
        }
        System.arraycopy(old, from, cells, cell, CELL);
      }
    }
  }
}
