package io.places.examples.cli;

import io.places.PlacesException;
import io.places.examples.sessions.GeneratedLog;
import io.places.examples.sessions.LogSessions;
import io.places.mapreduce.Job;
import io.places.mapreduce.JobReport;
import io.places.mapreduce.TaskCounter;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code places example log-sessions}. */
@Command(
    name = "log-sessions",
    description = "Cuts a log into the sessions of its users by map-reduce.",
    synopsisSubcommandLabel = "STEP",
    subcommands = LogSessionsCommand.Run.class)
final class LogSessionsCommand implements Callable<Integer> {
  private static final int MOST_USERS = 100_000_000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    throw new ParameterException(spec.commandLine(), "Missing the step: generate or run");
  }

  @Command(description = "Writes a new log of N visits.")
  int generate(
      @Parameters(paramLabel = "N") long visits,
      @Parameters(paramLabel = "FILE") Path file,
      @Option(names = "--users", paramLabel = "U", defaultValue = "1000", description = "How many users (default: ${DEFAULT-VALUE}).") int users,
      @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.") long seed)
      throws IOException {
    if (visits < 0) {
      throw new ParameterException(spec.commandLine(), "N must be 0 or more, not " + visits);
    }
    Bounds.check(spec, "--users", users, 1, MOST_USERS);
    Bounds.path(spec, "FILE", file);
    try {
      GeneratedLog.write(file, visits, users, seed);
    } catch (FileAlreadyExistsException e) {
      throw new PlacesException(file + " exists: remove it, or choose another", e);
    } catch (NoSuchFileException e) {
      throw new PlacesException("there is no folder for " + file, e);
    }
    return ExitCode.OK;
  }

  /** {@code places example log-sessions run}. */
  @Command(
      name = "run",
      description = {
        "Writes lines of user, beginning, end and visits into a new folder.",
        "A line of the log is a time, a user and a page: 2026-03-01T10:00:00Z anna /start"
      })
  static final class Run extends JobCommand {
    @Option(
        names = "--gap",
        paramLabel = "TIME",
        converter = Time.class,
        defaultValue = "30m",
        description = "A session ends when nothing is heard for longer (default: ${DEFAULT-VALUE}).")
    private Duration gap = Duration.ZERO;

    @Option(
        names = "--reducers",
        paramLabel = "R",
        defaultValue = "2",
        description = "How many reducers, and so part files (default: ${DEFAULT-VALUE}).")
    private int reducers;

    @Parameters(index = "0", paramLabel = "OUTPUT", description = "The new folder.")
    private Path output = Path.of("");

    @Parameters(index = "1..*", arity = "1..*", paramLabel = "INPUT", description = "Logs, or folders of logs.")
    private List<String> inputs = new ArrayList<>();

    @Override
    String[] packages() {
      return new String[] {LogSessions.class.getPackageName()};
    }

    @Override
    void check() {
      Bounds.check(spec(), "--reducers", reducers, 1, Job.MOST_REDUCERS);
      Bounds.path(spec(), "OUTPUT", output);
      inputs(inputs);
    }

    @Override
    void run(JobRunner runner, Scratch scratch) {
      JobReport report = runner.run(LogSessions.job(inputs(inputs), output, gap, reducers));
      out().println("users: " + report.counters().get(TaskCounter.REDUCE_INPUT_GROUPS));
      out().println("visits: " + report.counters().get(TaskCounter.MAP_OUTPUT_RECORDS));
      out().println("sessions: " + report.counters().get(TaskCounter.OUTPUT_RECORDS));
      out().println(
          LogSessions.UNREADABLE + ": " + report.counters().get(LogSessions.UNREADABLE));
    }
  }
}
