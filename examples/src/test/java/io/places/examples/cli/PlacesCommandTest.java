package io.places.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.PlacesException;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class PlacesCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final CommandLine places =
      PlacesCommand.commandLine()
          .addSubcommand(new Fetch())
          .setOut(new PrintWriter(out, true))
          .setErr(new PrintWriter(err, true));

  @Test
  void helpGoesToStandardOutputForTheRootAndForEachCommand() {
    assertThat(places.execute("--help")).isZero();
    assertThat(places.execute("fetch", "--help")).isZero();

    assertThat(out.toString()).contains("Usage: places ", "Usage: places fetch ", "--parcels");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void versionNamesTheProgramAndTheJavaThatRunsIt() {
    assertThat(places.execute("--version")).isZero();

    assertThat(out.toString()).startsWith("places ").contains("Java " + Runtime.version());
  }

  @Test
  void noCommandIsWrongUse() {
    assertThat(places.execute()).isEqualTo(2);

    assertThat(err.toString()).isEqualToIgnoringNewLines("places: Missing a command (see places --help)");
  }

  @Test
  void misspeltCommandIsWrongUseAndTheRightOneIsSuggested() {
    assertThat(places.execute("fetsh")).isEqualTo(2);

    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "places: Unmatched argument at index 0: 'fetsh' (did you mean fetch? see places --help)");
  }

  @Test
  void badOptionValueIsWrongUseAndNamesTheCommand() {
    assertThat(places.execute("fetch", "--parcels", "many")).isEqualTo(2);

    assertThat(err.toString())
        .isEqualToIgnoringNewLines(
            "places fetch: Invalid value for option '--parcels': 'many' is not an int"
                + " (see places fetch --help)");
  }

  @Test
  void failureIsOneLineWithTheMessageOnly() {
    assertThat(places.execute("fetch", "--parcels", "13")).isEqualTo(1);

    assertThat(err.toString()).isEqualToIgnoringNewLines("places fetch: 13 parcels, but at most 12 fit");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void failureThatNobodyForesawNamesItsType() {
    assertThat(places.execute("fetch", "--parcels", "0")).isEqualTo(1);

    assertThat(err.toString())
        .isEqualToIgnoringNewLines("places fetch: java.lang.ArithmeticException: / by zero");
  }

  @Test
  void verboseAddsTheStackTraceWhereverItStands() {
    assertThat(places.execute("fetch", "--verbose", "--parcels", "13")).isEqualTo(1);
    assertThat(places.execute("--verbose", "fetch", "--parcels", "13")).isEqualTo(1);

    assertThat(err.toString().lines().filter(line -> line.contains("Fetch.run("))).hasSize(2);
  }

  /** Fails in as many ways as a command may. */
  @Command(name = "fetch")
  static final class Fetch implements Runnable {
    @Option(names = "--parcels")
    int parcels;

    @Override
    public void run() {
      if (parcels > 12) {
        throw new PlacesException(parcels + " parcels, but at most 12 fit");
      }
      int weightOfEach = 120 / parcels;
      assertThat(weightOfEach).isPositive();
    }
  }
}
