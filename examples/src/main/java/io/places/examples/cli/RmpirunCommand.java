package io.places.examples.cli;

import io.places.PlacesException;
import io.places.rmpi.LinkKind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code places rmpirun}. */
@Command(
    name = "rmpirun",
    description = {
      "Runs a program of your own on a number of ranks that pass messages, as mpirun does.",
      "When a rank fails, the others are ended, and its exit code is that of the command."
    })
final class RmpirunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RanksOptions ranks = new RanksOptions();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "0",
      converter = Time.class,
      description = "The longest that the job may take: 500ms, 90s, 5m, 1h; 0 for no limit.")
  private Duration timeout = Duration.ZERO;

  @Option(
      names = "--deadlock-timeout",
      paramLabel = "TIME",
      defaultValue = "10s",
      converter = Time.class,
      description =
          "How long ranks may all wait for each other until that is a failure"
              + " (default: ${DEFAULT-VALUE}; 0 for ever).")
  private Duration deadlockTimeout = Duration.ZERO;

  @Option(
      names = "--link",
      paramLabel = "KIND",
      defaultValue = "auto",
      converter = LinkName.class,
      description = {
        "Which way messages go between JVMs: auto, memory (ranks of one host only), tcp or channel",
        "(default: ${DEFAULT-VALUE})."
      })
  private LinkKind link = LinkKind.AUTO;

  @Option(
      names = "--tag-output",
      description = "Print each line of a rank whole, with the rank's number in front.")
  private boolean tagged;

  @Option(
      names = "--stats",
      description =
          "Print at the end, per kind of call, how often it was made, what went through it, how long it"
              + " took, and for which rank the others waited.")
  private boolean stats;

  @Option(
      names = "--allow",
      paramLabel = "PACKAGE",
      split = ",",
      description =
          "Let classes of these packages travel, too, not only those of CLASS's own and of those below it.")
  private List<String> allow = new ArrayList<>();

  @Option(
      names = {"-cp", "--class-path"},
      paramLabel = "PATH",
      required = true,
      description = "The program's jars and class folders, as for java.")
  private String classPath = "";

  @Parameters(
      index = "0",
      paramLabel = "CLASS",
      description = "What each rank runs: an io.places.rmpi.RmpiProgram.")
  private String program = "";

  @Parameters(
      index = "1..*",
      paramLabel = "ARGS",
      description = "Its arguments; nothing from here on is an option of places.")
  private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() {
    if (program.isBlank() || program.startsWith("-")) {
      throw new ParameterException(
          spec.commandLine(), "CLASS must be the name of a class, not '%s'".formatted(program));
    }
    List<String> command = new ArrayList<>();
    command.add(RmpirunJob.class.getName());
    List<String> job = job().toArguments();
    Path folder = Path.of(System.getProperty("java.io.tmpdir"));
    try {
      OrderlyEnd end = OrderlyEnd.awaited(folder);
      try {
        command.add(end.file().toString());
        command.addAll(job);
        return end.exitCode(ChildJvm.run(classPath, command, Map.of()));
      } finally {
        end.forget();
      }
    } catch (IOException e) {
      throw new PlacesException(
          "the ranks tell by a file in %s that they have ended, and none can be made there: %s; see to it that the folder is there and writable, and has room"
              .formatted(folder, e),
          e);
    }
  }

  private RmpirunJob job() {
    int count = ranks.count(); // complains before the program runs
    Path hosts = ranks.file();
    return new RmpirunJob(
        count,
        ranks.areProcesses(),
        hosts == null ? null : hosts.toAbsolutePath(),
        ranks.startLimit(),
        timeout,
        deadlockTimeout,
        tagged,
        link,
        stats,
        allow,
        program,
        arguments);
  }
}
