package io.places.examples.cli;

import io.places.examples.fib.Fibonacci;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code places example fib}. */
@Command(
    name = "fib",
    description = "Two places that each compute a Fibonacci number, at the same time.")
final class FibCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "N",
      defaultValue = "40",
      description = "Index of the first place's number (default: ${DEFAULT-VALUE}).")
  private int first;

  @Parameters(
      index = "1",
      paramLabel = "M",
      defaultValue = "38",
      description = "Index of the second place's number (default: ${DEFAULT-VALUE}).")
  private int second;

  @Override
  public Integer call() {
    Bounds.check(spec, "N", first, 0, Fibonacci.MOST);
    Bounds.check(spec, "M", second, 0, Fibonacci.MOST);
    List<Long> numbers = Fibonacci.of(List.of(first, second));
    PrintWriter out = spec.commandLine().getOut();
    out.println("fib(%d) = %d".formatted(first, numbers.get(0)));
    out.println("fib(%d) = %d".formatted(second, numbers.get(1)));
    return ExitCode.OK;
  }
}
