package io.places.examples.cli;

import io.places.examples.ring.Ring;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code places example ring}. */
@Command(
    name = "ring",
    description = "A token goes round all ranks; each adds its number to it.")
final class RingCommand implements Callable<Integer> {
  private static final int MOST_ROUNDS = 100_000_000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RanksOptions ranks = new RanksOptions();

  @Option(
      names = "--rounds",
      paramLabel = "R",
      defaultValue = "10",
      description = "How often it goes round (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Override
  public Integer call() {
    Bounds.check(spec, "--rounds", rounds, 1, MOST_ROUNDS);
    long token = ranks.call(Ring.class, Long.class, Integer.toString(rounds)).getFirst();
    PrintWriter out = spec.commandLine().getOut();
    out.println("ranks: " + ranks.count());
    out.println("rounds: " + rounds);
    out.println("token: " + token);
    return ExitCode.OK;
  }
}
