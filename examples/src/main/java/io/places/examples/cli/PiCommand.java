package io.places.examples.cli;

import io.places.examples.pi.Pi;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code places example pi}. */
@Command(
    name = "pi",
    description = "Pi is an area; each rank sums some of the strips into which it is cut.")
final class PiCommand implements Callable<Integer> {
  private static final int MOST_STRIPS = 2_000_000_000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RanksOptions ranks = new RanksOptions();

  @Option(
      names = "--strips",
      paramLabel = "S",
      defaultValue = "10000000",
      description = "How many strips (default: ${DEFAULT-VALUE}).")
  private int strips;

  @Override
  public Integer call() {
    Bounds.check(spec, "--strips", strips, 1, MOST_STRIPS);
    double pi = ranks.call(Pi.class, Double.class, Integer.toString(strips)).getFirst();
    PrintWriter out = spec.commandLine().getOut();
    out.println("ranks: " + ranks.count());
    out.println("pi: " + pi);
    out.println("error: " + Math.abs(pi - Math.PI));
    return ExitCode.OK;
  }
}
