package io.places.supervise;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A program that a node is to run. Immutable; the methods answer changed copies.
 *
 * @param line the program and its arguments; no shell reads them
 * @param environment variables in addition to the node's own
 * @param folder where it runs; empty for the node's own working folder
 */
public record Command(List<String> line, Map<String, String> environment, String folder) {
  public Command {
    line = List.copyOf(line);
    environment = Map.copyOf(environment);
    if (line.isEmpty() || line.getFirst().isEmpty()) {
      throw new IllegalArgumentException("a command needs a program to run");
    }
  }

  /** A program and its arguments. */
  public static Command of(String... line) {
    return new Command(List.of(line), Map.of(), "");
  }

  /** With one more environment variable. */
  public Command environment(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(environment);
    more.put(name, value);
    return new Command(line, more, folder);
  }

  /** In another folder. */
  public Command folder(String path) {
    return new Command(line, environment, path);
  }
}
