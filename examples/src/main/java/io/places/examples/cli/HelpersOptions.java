package io.places.examples.cli;

import io.places.launch.Hosts;
import io.places.ndp.NdpGroup;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** The options of a command that works by itself, and that other processes may help. */
final class HelpersOptions {
  private static final Duration MEASURED_WITHIN = Duration.ofSeconds(2);

  /** The command that has these options; a placeholder until picocli puts it here. */
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--nodes",
      paramLabel = "N",
      scope = ScopeType.INHERIT,
      description =
          "How many other processes may help (default: 0; all slots of the hosts file if there is one).")
  private @Nullable Integer nodes;

  @Option(
      names = "--hosts",
      paramLabel = "FILE",
      scope = ScopeType.INHERIT,
      description = "Those are on the hosts that this file lists, instead of this machine.")
  private @Nullable Path file;

  @Option(
      names = "--explain",
      scope = ScopeType.INHERIT,
      description = "With --nodes or --hosts: say why parts went to other processes, or stayed.")
  private boolean explain;

  /** Refuses what is out of bounds, before anything is done. */
  void check() {
    if (file != null) {
      Bounds.path(spec, "--hosts", file);
    }
    if (nodes != null) {
      Bounds.check(spec, "--nodes", nodes, file == null ? 0 : 1, Bounds.MOST_NODES);
    }
    if (explain && file == null && isNone(nodes)) {
      throw new ParameterException(
          spec.commandLine(),
          "--explain says why parts went to other processes or stayed: it needs --nodes 1 or more, or --hosts");
    }
  }

  /** Refuses what would have no effect. */
  void requireNone() {
    if (explain || file != null || !isNone(nodes)) {
      throw new ParameterException(
          spec.commandLine(),
          "this problem is solved in this process alone: it takes neither --nodes nor --explain nor --hosts");
    }
  }

  private static boolean isNone(@Nullable Integer nodes) {
    return nodes == null || nodes == 0;
  }

  /**
   * Starts those that may help, and waits a moment for the measuring of the ways to them, without which nothing would go
   * anywhere; null if there are none.
   *
   * @param packages of the classes that they may run
   */
  @Nullable NdpGroup start(String... packages) {
    NdpGroup group = started(packages);
    if (group != null) {
      try {
        group.awaitMeasured(MEASURED_WITHIN);
      } catch (RuntimeException e) {
        group.close();
        throw e;
      }
    }
    return group;
  }

  private @Nullable NdpGroup started(String... packages) {
    if (file == null) {
      return nodes == null || isNone(nodes) ? null : NdpGroup.processes(nodes, packages);
    }
    Hosts hosts = Hosts.read(file);
    return NdpGroup.launch(nodes == null ? hosts : hosts.deal(nodes), packages);
  }

  /** Says how it went, if that is wanted. */
  void explain(NdpGroup group) {
    if (explain) {
      spec.commandLine().getErr().println(group.explain());
    }
  }
}
