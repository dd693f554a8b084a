package io.places.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.places.PlacesException;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
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

  @Test
  void everyCommandThatStartsNodesTakesAHostsFile() {
    List<CommandLine> all = new ArrayList<>(List.of(PlacesCommand.commandLine()));
    for (int i = 0; i < all.size(); i++) {
      all.addAll(all.get(i).getSubcommands().values());
    }
    Map<Boolean, List<String>> starting =
        all.stream()
            .map(CommandLine::getCommandSpec)
            .filter(spec -> startsNodes(spec))
            .collect(
                Collectors.partitioningBy(
                    spec -> spec.findOption("--hosts") != null,
                    Collectors.mapping(CommandSpec::qualifiedName, Collectors.toList())));
    assertThat(starting.get(false)).isEmpty();
    assertThat(starting.get(true)).hasSizeGreaterThan(10);
  }

  private static boolean startsNodes(CommandSpec command) {
    return command.name().equals("bank") || command.findOption("--nodes") != null || command.findOption("-n") != null;
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "--version", "fetch --help", "fetch --parcels 3", "example fib 5 5"})
  void nothingSucceedsWhoseOutputCannotBeWritten(String line) {
    places.setOut(new PrintWriter(new FullDisk()));

    assertThat(places.execute(line.split(" "))).isEqualTo(1);

    assertThat(err.toString())
        .matches("places[a-z ]*: the standard output cannot be written; the result is incomplete\\R");
  }

  @Test
  void aFullDeviceIsNoticedByTheCommandItself(@TempDir Path folder) throws Exception {
    File full = new File("/dev/full");
    assumeThat(full).exists();

    try (Run fib = Run.start(folder, full, "example", "fib", "5", "5")) {
      assertThat(fib.exitCode()).isEqualTo(1);
      assertThat(fib.err())
          .isEqualTo(
              "places example fib: the standard output cannot be written; the result is incomplete%n"
                  .formatted());
    }
  }

  /** Takes everything until it is to keep it. */
  private static final class FullDisk extends Writer {
    @Override
    public void write(char[] buffer, int offset, int length) {}

    @Override
    public void flush() throws IOException {
      throw new IOException("No space left on device");
    }

    @Override
    public void close() {}
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
