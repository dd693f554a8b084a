package io.places.examples.wordcount;

import java.io.BufferedReader;
import java.io.IOException;
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
    private final int limit;

    /** The worst of the best at the head. */
    private final PriorityQueue<Count> best = new PriorityQueue<>(Count.RANK.reversed());

    private long total;
    private long distinct;

    Reading(int limit) {
      this.limit = limit;
    }

    void add(Path part) throws IOException {
      try (BufferedReader lines = Files.newBufferedReader(part)) {
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
          add(parse(part, line));
        }
      }
    }

    private void add(Count count) {
      total += count.count();
      distinct++;
      best.add(count);
      if (best.size() > limit) {
        best.remove();
      }
    }

    private static Count parse(Path part, String line) throws IOException {
      int tab = line.indexOf('\t');
      try {
        return new Count(line.substring(0, tab), Long.parseLong(line.substring(tab + 1)));
      } catch (IndexOutOfBoundsException | NumberFormatException e) {
        throw new IOException(part + " has a line that is no word<TAB>count: " + line, e);
      }
    }
  }
}
