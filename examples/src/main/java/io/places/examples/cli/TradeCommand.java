package io.places.examples.cli;

import io.places.examples.trade.Trade;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code places example trade}. */
@Command(
    name = "trade",
    description = "A buyer and a seller who bargain on a channel that their creator made for them.")
final class TradeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "MOST",
      defaultValue = "8000",
      description = "What the buyer pays at most, in cents (default: ${DEFAULT-VALUE}).")
  private int most;

  @Parameters(
      index = "1",
      paramLabel = "LEAST",
      defaultValue = "6000",
      description = "What the seller takes at least, in cents (default: ${DEFAULT-VALUE}).")
  private int least;

  @Override
  public Integer call() {
    Bounds.check(spec, "MOST", most, Trade.LOWEST, Trade.HIGHEST);
    Bounds.check(spec, "LEAST", least, Trade.LOWEST, Trade.HIGHEST);
    Trade.Outcome outcome = Trade.between(most, least);
    PrintWriter out = spec.commandLine().getOut();
    out.println("the buyer: " + words(outcome.paid(), "bought"));
    out.println("the seller: " + words(outcome.earned(), "sold"));
    return ExitCode.OK;
  }

  private static String words(Optional<Integer> cents, String done) {
    return cents.map(price -> done + " for " + price + " cents").orElse("no deal");
  }
}
