package io.places.peers;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/**
 * Counts words of Unicode letters and digits in lower case by hand: what has one or two bytes by a table, words with
 * anything else by strings.
 */
final class FloorLetters {
  /** Code points of at most two bytes. */
  private static final int TABLE = 0x800;

  /** What depends on what is beside it, or becomes longer. */
  private static final short ODD = -1;

  private static final short[] LOWER = lower();

  private byte[][] words = new byte[1 << 17][];
  private int[] hashes = new int[1 << 17];
  private long[] counts = new long[1 << 17];
  private int used;

  /** Arguments: input, output. */
  public static void main(String[] arguments) throws Exception {
    try (FileChannel file = FileChannel.open(Path.of(arguments[0]));
        var threads = Executors.newFixedThreadPool(2)) {
      int size = Math.toIntExact(file.size());
      MappedByteBuffer text = file.map(FileChannel.MapMode.READ_ONLY, 0, size);
      int middle = size / 2;
      while (middle < size && text.get(middle) > ' ' || middle < size && text.get(middle) < 0) {
        middle++;
      }
      int half = middle;
      Callable<FloorLetters> first = () -> new FloorLetters().count(text.slice(0, half));
      Callable<FloorLetters> second = () -> new FloorLetters().count(text.slice(half, size - half));
      var halves = threads.invokeAll(List.of(first, second));
      FloorLetters all = halves.getFirst().get();
      FloorLetters more = halves.getLast().get();
      for (int slot = 0; slot < more.words.length; slot++) {
        if (more.words[slot] != null) {
          all.add(more.words[slot], more.words[slot].length, more.hashes[slot], more.counts[slot]);
        }
      }
      all.write(Path.of(arguments[1]));
    }
  }

  private FloorLetters count(java.nio.ByteBuffer text) {
    byte[] block = new byte[1 << 18];
    int kept = 0;
    while (text.hasRemaining() || kept > 0) {
      int read = Math.min(text.remaining(), block.length - kept);
      text.get(block, kept, read);
      int filled = kept + read;
      int end = filled;
      if (text.hasRemaining()) {
        while (block[end - 1] < 0 || block[end - 1] > ' ') {
          end--;
        }
      }
      count(block, end);
      kept = filled - end;
      System.arraycopy(block, end, block, 0, kept);
      if (!text.hasRemaining() && kept == 0) {
        break;
      }
    }
    return this;
  }

  private void count(byte[] block, int end) {
    byte[] word = new byte[256];
    int at = 0;
    while (at < end) {
      int start = at;
      int length = 0;
      int hash = 0;
      int lower = 0;
      int size = 1;
      while (at < end && length < word.length - 1) {
        int first = block[at];
        size = first >= 0 ? 1 : 2;
        lower = first >= 0 ? LOWER[first] : lowerOfTwo(first, at + 1 < end ? block[at + 1] : 0);
        if (lower <= 0) {
          break;
        }
        if (lower < 0x80) {
          word[length++] = (byte) lower;
          hash = 31 * hash + lower;
        } else {
          byte high = (byte) (0xC0 | lower >>> 6);
          byte low = (byte) (0x80 | lower & 0x3F);
          word[length++] = high;
          word[length++] = low;
          hash = 31 * (31 * hash + high) + low;
        }
        at += size;
      }
      if (at < end && lower != 0) { // odd, or too long
        at = start;
        while (at < end && (block[at] < 0 || LOWER[block[at]] != 0)) {
          at++;
        }
        addUnicode(new String(block, start, at - start, StandardCharsets.UTF_8));
        continue;
      }
      if (length > 0) {
        add(word, length, hash, 1);
      }
      at += size;
    }
  }

  private static int lowerOfTwo(int first, int second) {
    return (first & 0xE0) == 0xC0 && (second & 0xC0) == 0x80 ? LOWER[(first & 0x1F) << 6 | second & 0x3F] : ODD;
  }

  private void addUnicode(String text) {
    int start = 0;
    for (int at = 0; at <= text.length(); ) {
      int codePoint = at < text.length() ? text.codePointAt(at) : ' ';
      if (!Character.isLetterOrDigit(codePoint)) {
        if (at > start) {
          byte[] word =
              text.substring(start, at).toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
          add(word, word.length, hash(word), 1);
        }
        start = at + Character.charCount(codePoint);
      }
      at += Character.charCount(codePoint);
    }
  }

  private static int hash(byte[] word) {
    int hash = 0;
    for (byte b : word) {
      hash = 31 * hash + b;
    }
    return hash;
  }

  private void add(byte[] word, int length, int hash, long count) {
    int mask = words.length - 1;
    int slot = (hash * 0x9E3779B9 >>> 12) & mask;
    while (words[slot] != null) {
      if (hashes[slot] == hash && Arrays.equals(words[slot], 0, words[slot].length, word, 0, length)) {
        counts[slot] += count;
        return;
      }
      slot = (slot + 1) & mask;
    }
    words[slot] = Arrays.copyOf(word, length);
    hashes[slot] = hash;
    counts[slot] = count;
    if (++used > words.length / 2) {
      grow();
    }
  }

  private void grow() {
    FloorLetters old = new FloorLetters();
    old.words = words;
    old.hashes = hashes;
    old.counts = counts;
    int size = 2 * words.length;
    words = new byte[size][];
    hashes = new int[size];
    counts = new long[size];
    used = 0;
    for (int slot = 0; slot < old.words.length; slot++) {
      if (old.words[slot] != null) {
        add(old.words[slot], old.words[slot].length, old.hashes[slot], old.counts[slot]);
      }
    }
  }

  private void write(Path output) throws IOException {
    long total = 0;
    try (BufferedWriter out = Files.newBufferedWriter(output)) {
      for (int slot = 0; slot < words.length; slot++) {
        if (words[slot] != null) {
          out.write(new String(words[slot], StandardCharsets.UTF_8) + "\t" + counts[slot] + "\n");
          total += counts[slot];
        }
      }
    }
    System.out.println("total words: " + total + "\ndistinct words: " + used);
  }

  private static short[] lower() {
    short[] lower = new short[TABLE];
    for (char c = 0; c < TABLE; c++) {
      String text = String.valueOf(c).toLowerCase(Locale.ROOT);
      boolean isOdd = c == '\u03a3' || text.length() > 1 || text.charAt(0) >= TABLE; // a sigma at the end is another
      lower[c] = !Character.isLetterOrDigit(c) ? 0 : isOdd ? ODD : (short) text.charAt(0);
    }
    return lower;
  }
}
