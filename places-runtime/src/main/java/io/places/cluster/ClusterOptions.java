package io.places.cluster;

import io.places.launch.Hosts;
import io.places.node.NodeOptions;
import io.places.place.AllowList;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What kind of cluster {@link LocalCluster#start(ClusterOptions)} starts. Immutable; the methods answer
 * changed copies.
 *
 * @param nodes how many nodes besides this JVM's
 * @param processes whether each has a process of its own
 * @param allowed the packages whose classes may be started on the nodes
 * @param jvmOptions for the processes
 * @param logs the folder for the processes' logs; null for a temporary one
 */
public record ClusterOptions(
    int nodes,
    boolean processes,
    AllowList allowed,
    List<String> jvmOptions,
    @Nullable Path logs) {

  public ClusterOptions {
    jvmOptions = List.copyOf(jvmOptions);
    if (nodes < 1 || nodes > Hosts.MOST_NODES) {
      throw new IllegalArgumentException(
          "a cluster has 1 to %d nodes, not %d".formatted(Hosts.MOST_NODES, nodes));
    }
    if (!processes && !jvmOptions.isEmpty()) {
      throw new IllegalArgumentException(
          "JVM options %s for nodes that run in this JVM: they are for processes"
              .formatted(jvmOptions));
    }
  }

  /** Nodes that are processes, each with its own JVM. */
  public static ClusterOptions processes(int nodes) {
    return new ClusterOptions(nodes, true, new AllowList(List.of()), List.of(), null);
  }

  /** Nodes in this JVM: the same wire and the same limits, up in milliseconds. */
  public static ClusterOptions inJvm(int nodes) {
    return new ClusterOptions(nodes, false, new AllowList(List.of()), List.of(), null);
  }

  /** Lets the classes of these packages, and of those below them, be started on the nodes. */
  public ClusterOptions allow(String... packages) {
    List<String> more = new ArrayList<>(allowed.packages());
    more.addAll(Arrays.asList(packages));
    return new ClusterOptions(nodes, processes, new AllowList(more), jvmOptions, logs);
  }

  /** With further options for the processes' JVMs, such as {@code -Xmx64m}. */
  public ClusterOptions jvmOptions(String... options) {
    List<String> more = new ArrayList<>(jvmOptions);
    more.addAll(Arrays.asList(options));
    return new ClusterOptions(nodes, processes, allowed, more, logs);
  }

  /** Has the logs written to this folder, and left there. */
  public ClusterOptions logs(Path folder) {
    return new ClusterOptions(nodes, processes, allowed, jvmOptions, folder);
  }

  /** The options of this JVM's own node. */
  NodeOptions node() {
    return NodeOptions.standard().allow(allowed.packages().toArray(String[]::new));
  }
}
