package io.places.examples.cli;

import io.places.Clock;
import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.examples.wordcount.SumCombiner;
import io.places.examples.wordcount.SumReducer;
import io.places.examples.wordcount.TopWords;
import io.places.examples.wordcount.WordMapper;
import io.places.launch.Hosts;
import io.places.mapreduce.Counters;
import io.places.mapreduce.InputException;
import io.places.mapreduce.Job;
import io.places.mapreduce.JobReport;
import io.places.mapreduce.TaskCounter;
import io.places.mapreduce.Workers;
import io.places.mapreduce.text.TextBlocks;
import io.places.mapreduce.text.TextOutput;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code places wordcount}. */
@Command(
    name = "wordcount",
    description = {
      "Counts the words of text files by map-reduce on several nodes.",
      "A word is a run of Unicode letters and digits, in lower case. Text is UTF-8; malformed bytes"
          + " separate words and are counted."
    })
final class WordCountCommand implements Callable<Integer> {
  static final String JOB_PACKAGE = WordMapper.class.getPackageName();

  private static final int MOST_TOP = 1_000_000;
  private static final double MEGABYTE = 1e6;
  private static final Set<String> STANDARD_INPUT = Set.of("-", "/dev/stdin", "/dev/fd/0");

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private NodesOptions nodes = new NodesOptions();

  @Option(
      names = "--reducers",
      paramLabel = "R",
      defaultValue = "2",
      description = "How many reducers, and so part files (default: ${DEFAULT-VALUE}).")
  private int reducers;

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

  @Override
  public Integer call() throws IOException {
    try {
      return count();
    } catch (AccessDeniedException e) {
      throw new PlacesException("not allowed to write " + e.getFile(), e);
    } catch (FileSystemException e) {
      throw new PlacesException("%s: %s".formatted(e.getFile(), e.getReason()), e);
    }
  }

  private Integer count() throws IOException {
    Hosts hosts = nodes.hosts();
    Bounds.check(spec, "--reducers", reducers, 1, Job.MOST_REDUCERS);
    Bounds.check(spec, "--top", top, 0, MOST_TOP);
    long start = Clock.system().nanoTime();
    try (var interruption = new Interruption();
        var scratch = new Scratch()) {
      Path folder = output != null ? output : scratch.path("counts");
      try {
        Job job = job(inputs(scratch), folder, reducers);
        JobReport report = run(job, hosts);
        print(report, TopWords.of(folder, top), start);
      } catch (PlacesException e) {
        if (interruption.isStopping()) { // told here: the JVM waits no longer than for this block
          spec.commandLine().getErr().println("places wordcount: stopped; nothing was written");
          return ExitCode.SOFTWARE;
        }
        throw e;
      }
    }
    return ExitCode.OK;
  }

  static Job job(List<Path> inputs, Path output, int reducers) {
    return Job.named("word count")
        .input(TextBlocks.of(inputs))
        .map(WordMapper.class)
        .combine(SumCombiner.class)
        .reduce(SumReducer.class)
        .reducers(reducers)
        .output(TextOutput.to(output));
  }

  private JobReport run(Job job, Hosts hosts) {
    var progress =
        new JobProgressBar(System.err, JobProgressBar.onTerminal(), Clock.system());
    try (progress;
        Workers workers = workers(hosts)) {
      return workers.run(job, progress);
    }
  }

  private Workers workers(Hosts hosts) {
    return nodes.areElsewhere()
        ? Workers.launch(hosts, JOB_PACKAGE)
        : Workers.processes(hosts.slots(), JOB_PACKAGE);
  }

  private List<Path> inputs(Scratch scratch) throws IOException {
    if (inputs.isEmpty()) {
      return List.of(sourcesOfTheJdk());
    }
    List<Path> paths = new ArrayList<>();
    for (String input : inputs) {
      if (input.isBlank()) {
        throw new ParameterException(
            spec.commandLine(), "an INPUT is empty; '.' means the current folder");
      }
      paths.add(STANDARD_INPUT.contains(input) ? standardInput(scratch) : path(input));
    }
    return paths;
  }

  private Path path(String input) {
    try {
      return Path.of(input);
    } catch (InvalidPathException e) {
      throw new ParameterException(
          spec.commandLine(), "'%s' is no path: %s".formatted(input, e.getReason()), e);
    }
  }

  /** Tasks read from files, so the standard input becomes one. An interrupt ends the reading. */
  private Path standardInput(Scratch scratch) throws IOException {
    Path file = scratch.path("standard-input");
    if (Files.exists(file)) {
      throw new ParameterException(
          spec.commandLine(), "the standard input can be read once; '-' was given twice");
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

  private static Path sourcesOfTheJdk() {
    Path sources = Path.of(System.getProperty("java.home"), "lib", "src.zip");
    if (!Files.isReadable(sources)) {
      throw new InputException(
          "this JDK has no sources to count (%s is missing or unreadable); name an INPUT"
              .formatted(sources));
    }
    return sources;
  }

  private void print(JobReport report, TopWords words, long start) {
    double seconds = Duration.ofNanos(Clock.system().nanoTime() - start).toNanos() / 1e9;
    Counters counters = report.counters();
    PrintWriter out = spec.commandLine().getOut();
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
