package io.places.examples.cli;

import java.nio.file.Path;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Refuses option values out of their bounds. */
final class Bounds {
  /** Each node is a JVM on this machine: with more it would only swap. */
  static final int MOST_NODES = 64;

  /** Each is a thread that is always busy: more than there are cores are of no use. */
  static final int MOST_PLACES = 1_024;

  private Bounds() {}

  static void nodes(CommandSpec command, int nodes) {
    check(command, "--nodes", nodes, 1, MOST_NODES);
  }

  static void places(CommandSpec command, String option, int places) {
    check(command, option, places, 1, MOST_PLACES);
  }

  /** An empty path would mean the current folder, and is more likely a variable that was not set. */
  static void path(CommandSpec command, String parameter, Path path) {
    if (path.toString().isEmpty()) {
      throw new ParameterException(
          command.commandLine(), parameter + " is empty; '.' means the current folder");
    }
  }

  static void check(CommandSpec command, String option, long value, long least, long most) {
    if (value < least || value > most) {
      throw new ParameterException(
          command.commandLine(),
          "%s must be %d to %d, not %d".formatted(option, least, most, value));
    }
  }
}
