package io.places.examples.cli;

import io.places.examples.pipeline.MatrixPipeline;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code places example pipeline}. */
@Command(
    name = "pipeline",
    description = "The rows of a 5 by 5 matrix run through five places, one for each column.")
final class PipelineCommand implements Callable<Integer> {
  private static final int COLUMNS = 5;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    double[] matrix = MatrixPipeline.run(MatrixPipeline.example(), COLUMNS);
    PrintWriter out = spec.commandLine().getOut();
    for (int start = 0; start < matrix.length; start += COLUMNS) {
      out.println(
          Arrays.stream(matrix, start, start + COLUMNS)
              .mapToObj(cell -> String.format(Locale.ROOT, "%14.4f", cell))
              .collect(Collectors.joining()));
    }
    return ExitCode.OK;
  }
}
