package io.places.examples.cli;

import io.places.PlacesException;
import io.places.launch.Hosts;
import io.places.mapreduce.InputException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** What the commands share that run map-reduce jobs. */
abstract class JobCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private NodesOptions nodes = new NodesOptions();

  /** The packages of the jobs' classes. */
  abstract String[] packages();

  /** Refuses arguments that cannot be right. */
  abstract void check();

  /**
   * Prepares what the jobs need; called before any node is launched.
   *
   * @param scratch for what is not to stay
   */
  void prepare(Scratch scratch) throws IOException {}

  /** Runs the jobs, and prints what came out. */
  abstract void run(JobRunner runner, Scratch scratch) throws IOException;

  @Override
  public final Integer call() throws IOException {
    try {
      Hosts hosts = nodes.hosts();
      check();
      return call(hosts);
    } catch (AccessDeniedException e) {
      throw new PlacesException("not allowed to write " + e.getFile(), e);
    } catch (FileAlreadyExistsException e) {
      throw new PlacesException(e.getFile() + " exists: remove it, or choose another", e);
    } catch (FileSystemException e) {
      throw new PlacesException("%s: %s".formatted(e.getFile(), e.getReason()), e);
    }
  }

  private Integer call(Hosts hosts) throws IOException {
    try (var interruption = new Interruption();
        var scratch = new Scratch()) {
      try {
        prepare(scratch);
        try (JobRunner runner = JobRunner.start(nodes, hosts, packages())) {
          run(runner, scratch);
        }
      } catch (PlacesException e) {
        if (interruption.isStopping()) { // told here: the JVM waits no longer than for this block
          err().println(spec.qualifiedName() + ": stopped; nothing was written");
          return ExitCode.SOFTWARE;
        }
        throw e;
      }
    }
    return ExitCode.OK;
  }

  final CommandSpec spec() {
    return spec;
  }

  final PrintWriter out() {
    return spec.commandLine().getOut();
  }

  final PrintWriter err() {
    return spec.commandLine().getErr();
  }

  final ParameterException wrongUse(String why) {
    return new ParameterException(spec.commandLine(), why);
  }

  /** The paths that were given, or the JDK's sources. */
  final List<Path> inputs(List<String> given) {
    if (given.isEmpty()) {
      return List.of(sourcesOfTheJdk());
    }
    List<Path> paths = new ArrayList<>();
    for (String input : given) {
      paths.add(path(input));
    }
    return paths;
  }

  final Path path(String input) {
    if (input.isBlank()) {
      throw wrongUse("an INPUT is empty; '.' means the current folder");
    }
    try {
      return Path.of(input);
    } catch (InvalidPathException e) {
      throw new ParameterException(
          spec.commandLine(), "'%s' is no path: %s".formatted(input, e.getReason()), e);
    }
  }

  private static Path sourcesOfTheJdk() {
    Path sources = Path.of(System.getProperty("java.home"), "lib", "src.zip");
    if (!Files.isReadable(sources)) {
      throw new InputException(
          "this JDK has no sources to read (%s is missing or unreadable); name an INPUT"
              .formatted(sources));
    }
    return sources;
  }
}
