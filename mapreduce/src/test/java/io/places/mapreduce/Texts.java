package io.places.mapreduce;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Random text, and what a word count of it must be. */
final class Texts {
  private Texts() {}

  /** Makes a folder of ten files, 1000 lines each, of two words: w0 to w49, and w0 to w4999. */
  static Path make(Path folder) throws IOException {
    Files.createDirectory(folder);
    Random random = Seeds.random();
    for (int file = 0; file < 10; file++) {
      List<String> lines = new ArrayList<>();
      for (int line = 0; line < 1_000; line++) {
        lines.add("w" + random.nextInt(50) + " w" + random.nextInt(5_000));
      }
      Files.write(folder.resolve("file-" + file), lines);
    }
    return folder;
  }

  static Map<String, Long> counts(Path folder) throws IOException {
    Map<String, Long> counts = new TreeMap<>();
    for (String name : Parts.names(folder)) {
      for (String line : Files.readAllLines(folder.resolve(name))) {
        for (String word : line.split(" ", -1)) {
          counts.merge(word, 1L, Long::sum);
        }
      }
    }
    return counts;
  }

  /** What is in the parts of a word count, each word of which must be in there once. */
  static Map<String, Long> output(Path folder) throws IOException {
    Map<String, Long> counts = new TreeMap<>();
    for (String line : Parts.sorted(folder)) {
      String[] fields = line.split("\t", -1);
      if (counts.put(fields[0], Long.valueOf(fields[1])) != null) {
        throw new AssertionError("twice in the output: " + fields[0]);
      }
    }
    return counts;
  }
}
