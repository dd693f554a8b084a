package io.places.examples.cli;

import io.places.launch.Hosts;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of a command that launches nodes: how many, and where. */
final class NodesOptions {
  private static final int DEFAULT_NODES = 2;

  /** The command that has these options; a placeholder until picocli puts it here. */
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--nodes",
      paramLabel = "N",
      description =
          "How many nodes, each a JVM of its own (default: " + DEFAULT_NODES
              + "; all slots of the hosts file if there is one).")
  private @Nullable Integer nodes;

  @Option(
      names = "--hosts",
      paramLabel = "FILE",
      description = "Launch them on the hosts that this file lists, instead of this machine.")
  private @Nullable Path file;

  @Mixin private StartLimit start = new StartLimit();

  /** The hosts, with a slot for each node. */
  Hosts hosts() {
    if (nodes != null) {
      Bounds.nodes(spec, nodes);
    }
    if (file == null) {
      return start.of(Hosts.local(nodes == null ? DEFAULT_NODES : nodes));
    }
    Bounds.path(spec, "--hosts", file);
    Hosts hosts = start.of(Hosts.read(file));
    return nodes == null ? hosts : hosts.deal(nodes);
  }

  /** Whether there is a hosts file. */
  boolean areElsewhere() {
    return file != null;
  }

  @Nullable Path file() {
    return file;
  }

  /** How long a node may take to come up; null if that was not said. */
  @Nullable Duration startLimit() {
    return start.given();
  }
}
