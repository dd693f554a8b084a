package io.places.launch;

import java.util.List;

/**
 * What the JVM of a node is told before anything that its user wants: a later option wins. None of it changes
 * what a program can do or how fast it is in the long run.
 */
final class NodeJvm {
  /** The version whose options these are; another may not know them, and would not start. */
  private static final int VERSION = 25;

  private static final List<String> OPTIONS =
      List.of(
          "-XX:+UnlockDiagnosticVMOptions",
          // Monitors that nobody uses are collected every 2 s, not 4 times a second: a node that does nothing
          // should do nothing.
          "-XX:AsyncDeflationInterval=2000");

  private NodeJvm() {}

  /** Nothing, if this JVM is another than these options are for. */
  static List<String> options() {
    return Runtime.version().feature() == VERSION && AotCache.isHotSpot() ? OPTIONS : List.of();
  }
}
