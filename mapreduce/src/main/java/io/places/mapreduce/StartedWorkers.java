package io.places.mapreduce;

import io.places.LaunchException;
import io.places.NodeLostException;
import io.places.node.RemoteNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * What was started on nodes that had come up. A node may be lost before its worker runs, just as it may be a moment
 * later: the others do without it.
 *
 * @param all in the order of their nodes, at least one
 * @param setbacks for people: which nodes were lost meanwhile, and how
 */
record StartedWorkers<W>(List<W> all, List<String> setbacks) {

  /**
   * Starts one on each node.
   *
   * @throws LaunchException if all nodes were lost
   */
  static <W> StartedWorkers<W> on(List<RemoteNode> nodes, Function<RemoteNode, W> start) {
    List<W> started = new ArrayList<>();
    List<String> setbacks = new ArrayList<>();
    NodeLostException last = null;
    for (RemoteNode node : nodes) {
      try {
        started.add(start.apply(node));
      } catch (NodeLostException e) {
        last = e;
        setbacks.add(
            "node %s was lost while the workers were started: %s".formatted(node.name(), e.getMessage()));
      }
    }
    if (started.isEmpty()) {
      throw new LaunchException(
          "no worker has come up; " + String.join("; ", setbacks) + "; start a new group", last);
    }
    return new StartedWorkers<>(List.copyOf(started), setbacks);
  }
}
