package io.places.examples.cli;

import io.places.examples.mandelbrot.Mandelbrot;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code places example mandelbrot}. */
@Command(
    name = "mandelbrot",
    description = "Draws the Mandelbrot set: places fill one picture in shared memory, row by row.")
final class MandelbrotCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE", description = "The PNG file to write; one that exists is replaced.")
  private Path file = Path.of("");

  @Option(
      names = "--size",
      paramLabel = "N",
      defaultValue = "800",
      description = "Pixels in a row, and rows (default: ${DEFAULT-VALUE}).")
  private int size;

  @Option(
      names = "--places",
      paramLabel = "P",
      description = "How many places draw (default: one for each core).")
  private int places = Runtime.getRuntime().availableProcessors();

  @Override
  public Integer call() {
    Bounds.path(spec, "FILE", file);
    Bounds.check(spec, "--size", size, 1, Mandelbrot.MOST_SIZE);
    Bounds.places(spec, "--places", places);
    Mandelbrot.write(file, size, places);
    PrintWriter out = spec.commandLine().getOut();
    out.println("%s: %d by %d pixels, drawn by %d places".formatted(file, size, size, places));
    return ExitCode.OK;
  }
}
