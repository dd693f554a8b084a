package io.places.peers;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Counts words between white space as one does with the JDK's streams. */
final class StreamsWords {
  private StreamsWords() {}

  /** Arguments: input, output. */
  public static void main(String[] arguments) throws Exception {
    ConcurrentMap<String, Long> counts;
    try (Stream<String> lines = Files.lines(Path.of(arguments[0]))) {
      counts =
          lines
              .parallel()
              .flatMap(line -> Arrays.stream(line.split(" ")))
              .filter(word -> !word.isEmpty())
              .collect(Collectors.groupingByConcurrent(word -> word, Collectors.counting()));
    }
    long total = 0;
    try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(Path.of(arguments[1])))) {
      for (var count : counts.entrySet()) {
        out.print(count.getKey() + "\t" + count.getValue() + "\n");
        total += count.getValue();
      }
    }
    System.out.println("total words: " + total + "\ndistinct words: " + counts.size());
  }
}
