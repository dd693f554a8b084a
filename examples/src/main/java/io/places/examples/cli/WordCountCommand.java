package io.places.examples.cli;

import io.places.Clock;
import io.places.PlaceInterruptedException;
import io.places.examples.wordcount.SumCombiner;
import io.places.examples.wordcount.SumReducer;
import io.places.examples.wordcount.TopWords;
import io.places.examples.wordcount.WordMapper;
import io.places.mapreduce.Counters;
import io.places.mapreduce.InputException;
import io.places.mapreduce.Job;
import io.places.mapreduce.JobReport;
import io.places.mapreduce.TaskCounter;
import io.places.mapreduce.text.Origin;
import io.places.mapreduce.text.TextBlock;
import io.places.mapreduce.text.TextBlocks;
import io.places.mapreduce.text.TextOutput;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code places wordcount}. */
@Command(
    name = "wordcount",
    description = {
      "Counts the words of text files by map-reduce on several nodes.",
      "A word is a run of Unicode letters and digits, in lower case. Text is UTF-8; malformed bytes"
          + " separate words and are counted."
    })
final class WordCountCommand extends JobCommand {
  static final String JOB_PACKAGE = WordMapper.class.getPackageName();

  private static final int MOST_TOP = 1_000_000;
  private static final double MEGABYTE = 1e6;
  private static final Set<String> STANDARD_INPUT = Set.of("-", "/dev/stdin", "/dev/fd/0");

  @Option(
      names = "--reducers",
      paramLabel = "R",
      defaultValue = "2",
      description = "How many reducers, and so part files (default: ${DEFAULT-VALUE}).")
  private int reducers;

  @Option(
      names = "--split-bytes",
      paramLabel = "BYTES",
      description =
          "Cut the input into splits of about so many bytes (default: 4 or more for each node, of 1"
              + " to 32 MiB).")
  private @Nullable Long splitBytes;

  @Option(
      names = "--output",
      paramLabel = "DIR",
      description =
          "Keep the counts in this new folder: part-r-00000 and so on, lines of word TAB count"
              + " sorted by the words' bytes.")
  private @Nullable Path output;

  @Option(
      names = "--top",
      paramLabel = "K",
      defaultValue = "10",
      description = "How many of the most frequent words to print (default: ${DEFAULT-VALUE}).")
  private int top;

  @Parameters(
      paramLabel = "INPUT",
      description =
          "A file, a folder, a zip or jar whose entries are read as text, or - for standard input"
              + " (default: the sources of the running JDK, lib/src.zip).")
  private List<String> inputs = new ArrayList<>();

  private List<Path> paths = List.of();
  private long start;

  @Override
  String[] packages() {
    return new String[] {JOB_PACKAGE};
  }

  @Override
  void check() {
    if (output != null) {
      Bounds.path(spec(), "--output", output);
    }
    Bounds.check(spec(), "--reducers", reducers, 1, Job.MOST_REDUCERS);
    Bounds.check(spec(), "--top", top, 0, MOST_TOP);
    if (splitBytes != null) {
      Bounds.check(spec(), "--split-bytes", splitBytes, 1, Long.MAX_VALUE);
    }
  }

  @Override
  void prepare(Scratch scratch) throws IOException {
    start = Clock.system().nanoTime();
    if (inputs.stream().noneMatch(STANDARD_INPUT::contains)) {
      paths = inputs(inputs);
      return;
    }
    List<Path> all = new ArrayList<>();
    for (String input : inputs) {
      all.add(STANDARD_INPUT.contains(input) ? standardInput(scratch) : path(input));
    }
    paths = all;
  }

  @Override
  void run(JobRunner runner, Scratch scratch) throws IOException {
    Path folder = output != null ? output : scratch.path("counts");
    Job.Reading<Origin, TextBlock> reading = reading(paths);
    JobReport report =
        runner.run(
            job(splitBytes == null ? reading : reading.splitBytes(splitBytes), folder, reducers));
    print(report, TopWords.of(folder, top));
  }

  static Job job(List<Path> inputs, Path output, int reducers) {
    return job(reading(inputs), output, reducers);
  }

  private static Job.Reading<Origin, TextBlock> reading(List<Path> inputs) {
    return Job.named("word count").input(TextBlocks.of(inputs));
  }

  private static Job job(Job.Reading<Origin, TextBlock> reading, Path output, int reducers) {
    return reading
        .map(WordMapper.class)
        .combine(SumCombiner.class)
        .reduce(SumReducer.class)
        .reducers(reducers)
        .output(TextOutput.to(output));
  }

  /** Tasks read from files, so the standard input becomes one. An interrupt ends the reading. */
  private Path standardInput(Scratch scratch) throws IOException {
    Path file = scratch.path("standard-input");
    if (Files.exists(file)) {
      throw wrongUse("the standard input can be read once; '-' was given twice");
    }
    try (var in = new FileInputStream(FileDescriptor.in);
        InputStream interruptible = Channels.newInputStream(in.getChannel())) {
      Files.copy(interruptible, file);
    } catch (ClosedByInterruptException e) {
      throw new PlaceInterruptedException("stopped while reading the standard input", e);
    } catch (IOException e) {
      throw new InputException(
          "cannot copy the standard input to %s: %s".formatted(file, e.getMessage()), e);
    }
    return file;
  }

  private void print(JobReport report, TopWords words) {
    double seconds = Duration.ofNanos(Clock.system().nanoTime() - start).toNanos() / 1e9;
    Counters counters = report.counters();
    PrintWriter out = out();
    for (TopWords.Count count : words.top()) {
      out.printf(Locale.ROOT, "%d\t%s%n", count.count(), count.word());
    }
    out.printf(Locale.ROOT, "total words: %d%n", words.total());
    out.printf(Locale.ROOT, "distinct words: %d%n", words.distinct());
    out.printf(Locale.ROOT, "malformed bytes: %d%n", counters.get(WordMapper.MALFORMED_BYTES));
    out.printf(Locale.ROOT, "seconds: %.2f%n", seconds);
    out.printf(
        Locale.ROOT,
        "MB/s: %.1f%n",
        counters.get(TaskCounter.MAP_INPUT_BYTES) / MEGABYTE / seconds);
  }
}
