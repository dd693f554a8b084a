package io.places.cluster;

import io.places.LaunchException;
import io.places.launch.Launch;
import io.places.launch.Launcher;
import io.places.launch.ProcessLauncher;
import io.places.node.Node;
import io.places.node.RemoteNode;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Nodes on this machine, for trying out what a program does when some of them are killed, freeze or come
 * back.
 *
 * <pre>{@code
 * try (LocalCluster cluster = LocalCluster.processes(3)) {
 *   Place<String, String> echo = cluster.node(2).place(Echo::body);
 *   cluster.kill(2);
 *   echo.get(); // throws NodeLostException
 * }
 * }</pre>
 *
 * <p>The nodes are numbered from 1, as in their names, "node-1" and so on. They are launched by {@link
 * #node()}, the node of this JVM, which is not counted. What a node's process writes goes to its log;
 * what a place prints appears here, as always.
 *
 * <p>Safe for use by many threads.
 */
public final class LocalCluster implements AutoCloseable {
  private final ClusterOptions options;
  private final Logs logs;
  private final Node node;
  private final Launcher launcher;
  private final List<RemoteNode> nodes; // guarded by itself
  private final Set<Integer> paused = new HashSet<>(); // guarded by nodes
  private final Set<Integer> killed = new HashSet<>(); // guarded by nodes; the wire may not know yet

  private LocalCluster(ClusterOptions options) {
    this.options = options;
    logs = Logs.in(options.logs());
    launcher = options.processes() ? launcher(options, logs) : Node.inThisJvm();
    node = Node.start(options.node());
    try {
      nodes = new ArrayList<>(node.launch(options.nodes(), launcher));
    } catch (RuntimeException e) {
      node.close();
      logs.delete();
      throw e;
    }
  }

  /**
   * Starts nodes with a process each, which may start the bodies of the caller's package and those below
   * it. Returns when all are up.
   *
   * @throws LaunchException if one does not come up; none is left running then
   */
  public static LocalCluster processes(int nodes) {
    Class<?> caller =
        StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE).getCallerClass();
    return start(ClusterOptions.processes(nodes).allow(caller.getPackageName()));
  }

  /**
   * Starts nodes in this JVM, which may start the bodies of the caller's package and those below it.
   * They speak the same wire as processes do and are up in milliseconds, but cannot be paused.
   */
  public static LocalCluster inJvm(int nodes) {
    Class<?> caller =
        StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE).getCallerClass();
    return start(ClusterOptions.inJvm(nodes).allow(caller.getPackageName()));
  }

  /**
   * Starts a cluster. Returns when all nodes are up.
   *
   * @throws LaunchException if one does not come up; none is left running then
   */
  public static LocalCluster start(ClusterOptions options) {
    return new LocalCluster(Objects.requireNonNull(options, "options"));
  }

  private static ProcessLauncher launcher(ClusterOptions options, Logs logs) {
    ProcessLauncher process = Launch.process().logs(logs.folder());
    for (String option : options.jvmOptions()) {
      process = process.jvmOption(option);
    }
    return process;
  }

  /** The node of this JVM, which has launched the others. */
  public Node node() {
    return node;
  }

  /** All nodes but this JVM's, in order, dead ones too. */
  public List<RemoteNode> nodes() {
    synchronized (nodes) {
      return List.copyOf(nodes);
    }
  }

  /**
   * One node as it is now: after {@link #restart} another object answers for the same number.
   *
   * @param number 1 for "node-1"
   */
  public RemoteNode node(int number) {
    synchronized (nodes) {
      if (number < 1 || number > nodes.size()) {
        throw new IllegalArgumentException(
            "the cluster has the nodes 1 to %d, not %d".formatted(nodes.size(), number));
      }
      return nodes.get(number - 1);
    }
  }

  /**
   * Ends a node without giving it a chance to say so, and returns when it is gone: its process by SIGKILL,
   * a node of this JVM by closing its connections abruptly (its places are interrupted, and run on if they
   * do not care).
   */
  public void kill(int number) {
    node(number).kill();
    synchronized (nodes) {
      paused.remove(number);
      killed.add(number);
    }
  }

  /**
   * Freezes a node by SIGSTOP and returns when it stands still: it stays connected and says nothing more.
   *
   * @throws UnsupportedOperationException for a node of this JVM, and on systems without signals
   */
  public void pause(int number) {
    signal(number, Signal.STOP);
    synchronized (nodes) {
      paused.add(number);
    }
  }

  /** Lets a frozen node run on, by SIGCONT. */
  public void resume(int number) {
    signal(number, Signal.CONT);
    synchronized (nodes) {
      paused.remove(number);
    }
  }

  private void signal(int number, Signal signal) {
    RemoteNode target = node(number);
    if (!options.processes()) {
      throw new UnsupportedOperationException(
          "%s runs in this JVM and cannot be paused or resumed alone: use a cluster of processes, LocalCluster.processes(%d)"
              .formatted(target.name(), options.nodes()));
    }
    signal.send(target);
    if (signal == Signal.STOP) {
      Signal.awaitStopped(target, node.surroundings().clock());
    }
  }

  /**
   * Starts a node anew, under its old name; one that still runs is killed before.
   *
   * @return the new node
   */
  public RemoteNode restart(int number) {
    kill(number);
    RemoteNode anew = node.launch(node(number).name(), launcher);
    synchronized (nodes) {
      nodes.set(number - 1, anew);
      killed.remove(number);
    }
    return anew;
  }

  /** Makes the cluster whole again: restarts every node that is dead or paused. */
  public void restore() {
    for (int number = 1; number <= options.nodes(); number++) {
      boolean stopped;
      synchronized (nodes) {
        stopped = paused.contains(number) || killed.contains(number);
      }
      if (stopped || !node(number).isAlive()) {
        restart(number);
      }
    }
  }

  /**
   * The file of a node's log: what its process has written so far to its standard output and error,
   * those before a restart included.
   *
   * @throws UnsupportedOperationException for a node of this JVM, which writes to the JVM's own
   */
  public Path log(int number) {
    if (!options.processes()) {
      throw new UnsupportedOperationException(
          node(number).name() + " runs in this JVM and writes to its streams, not to a log");
    }
    return logs.file(node(number));
  }

  /** Prints the state of each node and the last lines of its log: what one wants to see when a test fails. */
  public void printLogs(PrintStream to) {
    for (RemoteNode each : nodes()) {
      to.printf("---- %s, %s%n", each, each.isAlive() ? "alive" : "lost");
      if (options.processes()) {
        logs.print(each, to);
      }
    }
    to.println("----");
    to.flush();
  }

  /** Leaves the logs where they are when the cluster is closed. */
  void keepLogs() {
    logs.keep();
  }

  /** Ends all nodes, paused ones too. The logs go with them unless they have a folder of their own. */
  @Override
  public void close() {
    Set<Integer> frozen;
    synchronized (nodes) {
      frozen = Set.copyOf(paused);
    }
    frozen.forEach(this::kill);
    node.close();
    logs.delete();
  }

  @Override
  public String toString() {
    return "a cluster of %d nodes %s"
        .formatted(options.nodes(), options.processes() ? "in processes" : "in this JVM");
  }
}
