package io.places.examples.cli;

import io.places.PlacesException;
import io.places.examples.bank.BankUnderFire;
import io.places.launch.Hosts;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code places example bank}. */
@Command(
    name = "bank",
    description = "A bank that is killed while clients transfer money, and loses none of it.")
final class BankCommand implements Callable<Integer> {
  private static final int MOST_KILLS = 1_000;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--kills",
      paramLabel = "N",
      defaultValue = "20",
      description = "How often its process is killed (default: ${DEFAULT-VALUE}).")
  private int kills;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "Of the random transfers (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--hosts",
      paramLabel = "FILE",
      description =
          "Launch its process on the first of the hosts that this file lists, instead of this machine.")
  private @Nullable Path file;

  @Override
  public Integer call() {
    Bounds.check(spec, "--kills", kills, 0, MOST_KILLS);
    PrintWriter out = spec.commandLine().getOut();
    BankUnderFire.Outcome outcome = BankUnderFire.run(hosts(), kills, seed);
    if (!outcome.differences().isEmpty()) {
      throw new PlacesException(
          "the books do not balance: " + String.join("; ", outcome.differences()));
    }
    out.printf("lives of the bank: %d%n", outcome.lives());
    out.printf("transfers acknowledged: %d%n", outcome.acknowledged());
    out.printf("transfers refused for want of money: %d%n", outcome.refused());
    out.printf("attempts repeated because a kill hid their outcome: %d%n", outcome.repeated());
    out.println("the books balance");
    Output.flush(out);
    return ExitCode.OK;
  }

  private Hosts hosts() {
    if (file == null) {
      return Hosts.local(1);
    }
    Bounds.path(spec, "--hosts", file);
    return Hosts.read(file);
  }
}
