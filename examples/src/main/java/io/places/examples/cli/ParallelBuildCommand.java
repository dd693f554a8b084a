package io.places.examples.cli;

import io.places.PlacesException;
import io.places.examples.build.BuildReport;
import io.places.examples.build.ParallelBuild;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code places example parallel-build}. */
@Command(
    name = "parallel-build",
    description = {
      "Compiles a folder of Java sources: a controller and one worker for each core.",
      "A package is compiled when those that it needs have been. Errors go to standard error, each"
          + " with file and line."
    })
final class ParallelBuildCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(index = "0", paramLabel = "SOURCES", description = "The folder of sources.")
  private Path sources = Path.of("");

  @Parameters(
      index = "1",
      paramLabel = "OUTPUT",
      description = "The folder for class files; made if it is missing.")
  private Path output = Path.of("");

  @Option(
      names = "--class-path",
      paramLabel = "PATH",
      defaultValue = "",
      description = "The libraries that the sources need (default: none).")
  private String classPath = "";

  @Option(
      names = "--workers",
      paramLabel = "W",
      description = "How many places compile (default: one for each core).")
  private int workers = Runtime.getRuntime().availableProcessors();

  @Override
  public Integer call() {
    Bounds.path(spec, "SOURCES", sources);
    Bounds.path(spec, "OUTPUT", output);
    Bounds.places(spec, "--workers", workers);
    BuildReport report = ParallelBuild.run(sources, output, classPath, workers);
    if (!report.isSuccess()) {
      PrintWriter err = spec.commandLine().getErr();
      report.problems().forEach(err::println);
      throw new PlacesException(
          "errors: %d; files compiled: %d; files skipped because they need those with errors: %d"
              .formatted(report.problems().size(), report.compiled(), report.skipped()));
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println("files compiled into %s: %d".formatted(output, report.compiled()));
    return ExitCode.OK;
  }
}
