package io.places.examples.wordcount;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * What is worth telling about the counts of a text.
 *
 * @param top the most frequent words, the most frequent first; words with equal counts in the order
 *     of their UTF-8 bytes
 * @param total how many words the text has
 * @param distinct how many different ones
 */
public record TopWords(List<Count> top, long total, long distinct) {

  /** A word and how often it occurs. */
  public record Count(String word, long count) {
    /** Most frequent first, then by UTF-8 bytes. */
    static final Comparator<Count> RANK =
        Comparator.comparingLong(Count::count)
            .reversed()
            .thenComparing(
                count -> count.word().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);
  }

  /**
   * Reads the part files of a word count, holding no more than the top words in memory.
   *
   * @param limit how many top words to keep
   */
  public static TopWords of(Path folder, int limit) throws IOException {
    Reading reading = new Reading(limit);
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(folder, "part-r-*")) {
      for (Path part : parts) {
        reading.add(part);
      }
    }
    return new TopWords(
        reading.best.stream().sorted(Count.RANK).toList(), reading.total, reading.distinct);
  }

  private static final class Reading {
    /** Of a count that surely fits. */
    private static final int MOST_DIGITS = 18;

    private final int limit;

    /** The worst of the best at the head. */
    private final PriorityQueue<Count> best = new PriorityQueue<>(Count.RANK.reversed());

    private byte[] buffer = new byte[256 << 10];
    private long total;
    private long distinct;

    Reading(int limit) {
      this.limit = limit;
    }

    void add(Path part) throws IOException {
      try (InputStream in = Files.newInputStream(part)) {
        int filled = 0;
        int read;
        while ((read = in.read(buffer, filled, buffer.length - filled)) >= 0) {
          filled += read;
          int taken = lines(part, filled);
          System.arraycopy(buffer, taken, buffer, 0, filled - taken);
          filled -= taken;
          if (filled == buffer.length) {
            buffer = Arrays.copyOf(buffer, 2 * filled);
          }
        }
        if (filled > 0) {
          line(part, 0, filled);
        }
      }
    }

    /** Takes the whole lines of the buffer, and answers where they end. */
    private int lines(Path part, int filled) throws IOException {
      int start = 0;
      for (int at = 0; at < filled; at++) {
        if (buffer[at] == '\n') {
          line(part, start, at);
          start = at + 1;
        }
      }
      return start;
    }

    /** Most lines have but few words: of those no object is made. */
    private void line(Path part, int start, int end) throws IOException {
      int tab = start;
      while (tab < end && buffer[tab] != '\t') {
        tab++;
      }
      long count = 0;
      boolean isCount = tab + 1 < end && end - tab - 1 <= MOST_DIGITS;
      for (int at = tab + 1; at < end; at++) {
        isCount &= buffer[at] >= '0' && buffer[at] <= '9';
        count = 10 * count + buffer[at] - '0';
      }
      if (!isCount) {
        throw new IOException(
            part + " has a line that is no word<TAB>count: " + text(start, end));
      }
      total += count;
      distinct++;
      if (best.size() < limit || (limit > 0 && count >= best.element().count())) {
        add(new Count(text(start, tab), count));
      }
    }

    private String text(int start, int end) {
      return new String(buffer, start, end - start, StandardCharsets.UTF_8);
    }

    private void add(Count count) {
      best.add(count);
      if (best.size() > limit) {
        best.remove();
      }
    }
  }
}
