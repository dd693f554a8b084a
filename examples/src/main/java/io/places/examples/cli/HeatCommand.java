package io.places.examples.cli;

import io.places.examples.file.OutputFile;
import io.places.examples.heat.Heat;
import io.places.examples.heat.HeatPicture;
import io.places.examples.heat.HeatResult;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code places example heat}. */
@Command(
    name = "heat",
    description = "Heat spreads over a plate: ranks on a grid exchange the borders of their parts.")
final class HeatCommand implements Callable<Integer> {
  private static final int LEAST_SIZE = 10;
  private static final int MOST_STEPS = 10_000_000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RanksOptions ranks = new RanksOptions();

  @Parameters(paramLabel = "FILE", description = "The PNG file to write; one that exists is replaced.")
  private Path file = Path.of("");

  @Option(
      names = "--size",
      paramLabel = "N",
      defaultValue = "300",
      description = "Cells in a row, and rows (default: ${DEFAULT-VALUE}).")
  private int size;

  @Option(
      names = "--steps",
      paramLabel = "S",
      defaultValue = "5000",
      description = "How many steps (default: ${DEFAULT-VALUE}).")
  private int steps;

  @Override
  public Integer call() {
    Bounds.path(spec, "FILE", file);
    Bounds.check(spec, "--size", size, LEAST_SIZE, Heat.MOST_SIZE);
    Bounds.check(spec, "--steps", steps, 0, MOST_STEPS);
    try (OutputFile picture = OutputFile.open(file, "the picture")) {
      HeatResult result =
          ranks
              .call(Heat.class, HeatResult.class, Integer.toString(size), Integer.toString(steps))
              .getFirst();
      picture.write(HeatPicture.of(result.plate()));
      PrintWriter out = spec.commandLine().getOut();
      out.println("ranks: %d by %d".formatted(result.rows(), result.columns()));
      out.println("steps: " + steps);
      out.println("largest change in the last step: " + result.change());
      out.println("picture: " + file);
    }
    return ExitCode.OK;
  }
}
