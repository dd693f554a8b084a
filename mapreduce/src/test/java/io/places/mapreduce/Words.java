package io.places.mapreduce;

import io.places.mapreduce.text.TextLines;
import io.places.mapreduce.text.TextOutput;
import java.nio.file.Path;

/** A small job: words separated by spaces, counted. */
final class Words {
  private Words() {}

  static Job.Mapped<String, Long> mapped(Path input) {
    return Job.named("words").input(TextLines.of(input)).map(Split.class);
  }

  static Job job(Path input, Path output) {
    return mapped(input).combine(Sum.class).reduce(Total.class).output(TextOutput.to(output));
  }

  static final class Split implements Mapper<Long, String, String, Long> {
    @Override
    public void map(Long offset, String line, Context<String, Long> context) {
      for (String word : line.split(" ", -1)) {
        if (!word.isEmpty()) {
          context.emit(word, 1L);
        }
      }
    }
  }

  static final class Sum implements Combiner<String, Long> {
    @Override
    public Long combine(String word, Long left, Long right) {
      return left + right;
    }
  }

  static final class Total implements Reducer<String, Long, String, Long> {
    @Override
    public void reduce(String word, Iterable<Long> counts, Context<String, Long> context) {
      long total = 0;
      for (long count : counts) {
        total += count;
      }
      context.emit(word, total);
    }
  }
}
