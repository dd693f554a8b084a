package io.places.examples.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Refuses option values out of their bounds. */
final class Bounds {
  /** Each node is a JVM on this machine: with more it would only swap. */
  private static final int MOST_NODES = 64;

  private Bounds() {}

  static void nodes(CommandSpec command, int nodes) {
    check(command, "--nodes", nodes, 1, MOST_NODES);
  }

  static void check(CommandSpec command, String option, int value, int least, int most) {
    if (value < least || value > most) {
      throw new ParameterException(
          command.commandLine(),
          "%s must be %d to %d, not %d".formatted(option, least, most, value));
    }
  }
}
