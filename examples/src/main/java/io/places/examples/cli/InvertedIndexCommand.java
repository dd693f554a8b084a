package io.places.examples.cli;

import io.places.examples.index.InvertedIndex;
import io.places.mapreduce.Job;
import io.places.mapreduce.JobReport;
import io.places.mapreduce.TaskCounter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code places example inverted-index}. */
@Command(
    name = "inverted-index",
    description = {
      "Finds out by map-reduce where which word is.",
      "Writes lines of word, TAB, file, TAB, and the offsets of the word in the file, into a new folder."
    })
final class InvertedIndexCommand extends JobCommand {
  @Option(
      names = "--reducers",
      paramLabel = "R",
      defaultValue = "2",
      description = "How many reducers, and so part files (default: ${DEFAULT-VALUE}).")
  private int reducers;

  @Parameters(index = "0", paramLabel = "OUTPUT", description = "The new folder.")
  private Path output = Path.of("");

  @Parameters(
      index = "1..*",
      paramLabel = "INPUT",
      description =
          "A file, a folder, or a zip or jar (default: the sources of the running JDK, lib/src.zip).")
  private List<String> inputs = new ArrayList<>();

  @Override
  String[] packages() {
    return new String[] {InvertedIndex.class.getPackageName()};
  }

  @Override
  void check() {
    Bounds.check(spec(), "--reducers", reducers, 1, Job.MOST_REDUCERS);
    Bounds.path(spec(), "OUTPUT", output);
    inputs(inputs);
  }

  @Override
  void run(JobRunner runner, Scratch scratch) {
    JobReport report = runner.run(InvertedIndex.job(inputs(inputs), output, reducers));
    out().println("words: " + report.counters().get(TaskCounter.REDUCE_INPUT_GROUPS));
    out().println("words in files: " + report.counters().get(TaskCounter.OUTPUT_RECORDS));
  }
}
