package io.places.examples.cli;

import io.places.launch.Hosts;
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

/** {@code places run}. */
@Command(
    name = "run",
    description = {
      "Runs a program of your own, with Places on its class path, and ends with its exit code.",
      "Hosts.given() tells the program the nodes that it is to launch."
    })
final class RunCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private NodesOptions nodes = new NodesOptions();

  @Option(
      names = {"-cp", "--class-path"},
      paramLabel = "PATH",
      required = true,
      description = "The program's jars and class folders, as for java.")
  private String classPath = "";

  @Parameters(index = "0", paramLabel = "CLASS", description = "The program's main class.")
  private String mainClass = "";

  @Parameters(
      index = "1..*",
      paramLabel = "ARGS",
      description = "Its arguments; nothing from here on is an option of places.")
  private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() {
    if (mainClass.isBlank() || mainClass.startsWith("-")) {
      throw new ParameterException(
          spec.commandLine(), "CLASS must be the name of a class, not '%s'".formatted(mainClass));
    }
    Hosts hosts = nodes.hosts(); // complains before the program runs
    Path file = nodes.file();
    Duration startLimit = nodes.startLimit();
    List<String> command = new ArrayList<>();
    command.add(mainClass);
    command.addAll(arguments);
    return ChildJvm.run(
        classPath,
        command,
        Map.of(
            Hosts.NODES_VARIABLE, Integer.toString(hosts.slots()),
            Hosts.FILE_VARIABLE, file == null ? "" : file.toAbsolutePath().toString(),
            Hosts.START_LIMIT_VARIABLE, startLimit == null ? "" : startLimit.toString()));
  }
}
