package io.places.examples.cli;

import io.places.PlacesException;
import io.places.examples.sort.RecordSort;
import io.places.examples.sort.Records;
import io.places.examples.sort.Summary;
import io.places.mapreduce.Job;
import io.places.mapreduce.JobReport;
import io.places.mapreduce.TaskCounter;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code places example sort}: makes records of 100 bytes, sorts them, and makes sure that they are sorted. */
@Command(
    name = "sort",
    description = "Sorts records of 100 bytes by their first 10 by map-reduce.",
    synopsisSubcommandLabel = "STEP",
    subcommands = SortCommand.Run.class)
final class SortCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(
        spec.commandLine(), "Missing the step: generate, run or validate");
  }

  @Command(description = "Writes a new file of N random records.")
  int generate(
      @Parameters(paramLabel = "N") long count,
      @Parameters(paramLabel = "FILE") Path file,
      @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.") long seed)
      throws IOException {
    if (count < 0) {
      throw new ParameterException(spec.commandLine(), "N must be 0 or more, not " + count);
    }
    Bounds.path(spec, "FILE", file);
    try {
      Records.write(file, count, seed);
    } catch (FileAlreadyExistsException e) {
      throw new PlacesException(file + " exists: remove it, or choose another", e);
    } catch (NoSuchFileException e) {
      throw new PlacesException("there is no folder for " + file, e);
    }
    return ExitCode.OK;
  }

  @Command(description = "Says whether OUTPUT has the records of INPUT, and in order; fails if not.")
  int validate(@Parameters(paramLabel = "INPUT") Path input, @Parameters(paramLabel = "OUTPUT") Path output)
      throws IOException {
    Summary in;
    Summary sorted;
    try {
      in = Summary.of(input);
      sorted = Summary.of(output);
    } catch (NoSuchFileException e) {
      throw new PlacesException("there is no " + e.getFile(), e);
    }
    var out = spec.commandLine().getOut();
    out.println("records: " + sorted.records());
    out.println("unordered: " + sorted.unordered());
    out.println("duplicate keys: " + sorted.duplicates());
    out.println("checksum: %x".formatted(sorted.checksum()));
    if (sorted.unordered() > 0
        || sorted.records() != in.records()
        || sorted.checksum() != in.checksum()) {
      throw new PlacesException(
          "%s is not %s in order: that has %d records with checksum %x"
              .formatted(output, input, in.records(), in.checksum()));
    }
    return ExitCode.OK;
  }

  /** {@code places example sort run}. */
  @Command(
      name = "run",
      description = "Sorts a file into a new folder, whose parts follow each other.")
  static final class Run extends JobCommand {
    @Option(
        names = "--reducers",
        paramLabel = "R",
        defaultValue = "2",
        description = "How many reducers, and so part files (default: ${DEFAULT-VALUE}).")
    private int reducers;

    @Parameters(index = "0", paramLabel = "INPUT")
    private Path input = Path.of("");

    @Parameters(index = "1", paramLabel = "OUTPUT", description = "The new folder.")
    private Path output = Path.of("");

    @Override
    String[] packages() {
      return new String[] {RecordSort.class.getPackageName()};
    }

    @Override
    void check() {
      Bounds.check(spec(), "--reducers", reducers, 1, Job.MOST_REDUCERS);
      Bounds.path(spec(), "INPUT", input);
      Bounds.path(spec(), "OUTPUT", output);
    }

    @Override
    void run(JobRunner runner, Scratch scratch) {
      JobReport report = runner.run(RecordSort.job(input, output, reducers));
      out().println("records: " + report.counters().get(TaskCounter.OUTPUT_RECORDS));
    }
  }
}
