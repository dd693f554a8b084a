package io.places.mapreduce.bench;

import io.places.examples.wordcount.SumCombiner;
import io.places.examples.wordcount.SumReducer;
import io.places.examples.wordcount.WordMapper;
import io.places.mapreduce.Job;
import io.places.mapreduce.JobListener;
import io.places.mapreduce.Workers;
import io.places.mapreduce.text.TextBlocks;
import io.places.mapreduce.text.TextOutput;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** One small word count after the other on the same two worker processes. A program in one file, for java to run. */
final class WarmJobs {
  private static final int WARM_UP = 50;
  private static final int JOBS = 101;

  private WarmJobs() {}

  /** Argument: the input. Prints the median time of a job in milliseconds. */
  public static void main(String[] arguments) throws Exception {
    Path input = Path.of(arguments[0]);
    Path outputs = Files.createTempDirectory("warm");
    long[] nanos = new long[JOBS];
    try (Workers workers = Workers.processes(2, WordMapper.class.getPackageName())) {
      for (int i = -WARM_UP; i < JOBS; i++) {
        Job job =
            Job.named("words")
                .input(TextBlocks.of(input))
                .map(WordMapper.class)
                .combine(SumCombiner.class)
                .reduce(SumReducer.class)
                .reducers(2)
                .output(TextOutput.to(outputs.resolve("out" + i)));
        long start = System.nanoTime();
        workers.run(job, JobListener.NONE);
        if (i >= 0) {
          nanos[i] = System.nanoTime() - start;
        }
      }
    }
    Arrays.sort(nanos);
    System.out.printf("%.1f%n", nanos[JOBS / 2] / 1e6);
  }
}
