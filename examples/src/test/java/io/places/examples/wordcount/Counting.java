package io.places.examples.wordcount;

import io.places.mapreduce.Context;
import io.places.mapreduce.proto.Split;
import io.places.mapreduce.text.Origin;
import io.places.mapreduce.text.TextBlock;
import io.places.mapreduce.text.TextBlocks;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Runs the job's mapper without an engine and sums what it emits. */
final class Counting implements Context<String, Long> {
  private final Map<String, Long> counts = new HashMap<>();
  private long malformed;

  /** The counts of texts, each given to the mapper as one block. */
  static Counting of(byte[]... texts) {
    Counting counting = new Counting();
    WordMapper mapper = new WordMapper();
    for (byte[] text : texts) {
      mapper.map(new Origin("test", "", 0), TextBlock.of(text), counting);
    }
    return counting;
  }

  /** The counts of a file, read in splits for so many workers. */
  static Counting of(Path file, int workers) throws IOException {
    Counting counting = new Counting();
    TextBlocks blocks = TextBlocks.of(file);
    for (Split split : blocks.splits(workers)) {
      WordMapper mapper = new WordMapper();
      try (var reader = blocks.open(split)) {
        while (reader.next()) {
          mapper.map(reader.key(), reader.value(), counting);
        }
      }
    }
    return counting;
  }

  Map<String, Long> counts() {
    return counts;
  }

  long malformed() {
    return malformed;
  }

  @Override
  public void emit(String word, Long count) {
    counts.merge(word, count, Long::sum);
  }

  @Override
  public void count(String name, long delta) {
    if (!name.equals(WordMapper.MALFORMED_BYTES)) {
      throw new AssertionError("unexpected counter " + name);
    }
    malformed += delta;
  }

  @Override
  public String parameter(String name) {
    throw new AssertionError("asked for " + name);
  }

  @Override
  public Optional<String> findParameter(String name) {
    return Optional.empty();
  }
}
