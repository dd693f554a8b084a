package io.places.peers;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Counts of words of at most 24 bytes, none of which is 0: each in half a line of the cache. */
final class WordTable {
  /** Three numbers of a word, little end first, and its count, for each slot; free where the count is 0. */
  private long[] table = new long[4 << 17];

  private int used;

  /** The first bytes of eight. */
  static long head(long eight, int length) {
    return length == 0 ? 0 : eight & (-1L >>> (64 - 8 * length));
  }

  void add(long first, long second, long third, long count) {
    long hash = (first * 0x9E3779B97F4A7C15L) ^ (second * 0xC4CEB9FE1A85EC53L) ^ (third * 0xFF51AFD7ED558CCDL);
    hash ^= hash >>> 32;
    int mask = table.length - 1;
    int slot = (int) (hash << 2) & mask;
    while (table[slot + 3] != 0) {
      if (table[slot] == first && table[slot + 1] == second && table[slot + 2] == third) {
        table[slot + 3] += count;
        return;
      }
      slot = (slot + 4) & mask;
    }
    table[slot] = first;
    table[slot + 1] = second;
    table[slot + 2] = third;
    table[slot + 3] = count;
    if (++used > table.length / 8) {
      grow();
    }
  }

  private void grow() {
    long[] old = table;
    table = new long[2 * old.length];
    used = 0;
    addAll(old);
  }

  void addAll(WordTable other) {
    addAll(other.table);
  }

  private void addAll(long[] other) {
    for (int slot = 0; slot < other.length; slot += 4) {
      if (other[slot + 3] != 0) {
        add(other[slot], other[slot + 1], other[slot + 2], other[slot + 3]);
      }
    }
  }

  void write(Path output) throws IOException {
    long total = 0;
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(output), 1 << 20)) {
      byte[] line = new byte[64];
      for (int slot = 0; slot < table.length; slot += 4) {
        if (table[slot + 3] != 0) {
          int length = 0;
          for (int part = 0; part < 3; part++) {
            for (long rest = table[slot + part]; rest != 0; rest >>>= 8) {
              line[length++] = (byte) rest;
            }
          }
          line[length++] = '\t';
          byte[] count = Long.toString(table[slot + 3]).getBytes(StandardCharsets.US_ASCII);
          System.arraycopy(count, 0, line, length, count.length);
          length += count.length;
          line[length++] = '\n';
          out.write(line, 0, length);
          total += table[slot + 3];
        }
      }
    }
    System.out.println("total words: " + total + "\ndistinct words: " + used);
  }
}
