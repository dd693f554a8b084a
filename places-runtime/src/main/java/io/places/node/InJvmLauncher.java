package io.places.node;

import io.places.LaunchException;
import io.places.launch.LaunchedProcess;
import io.places.launch.NodeProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetSocketAddress;
import java.time.Duration;

/** A node that was started in this JVM in place of a process. */
record InJvmLauncher(Node node) implements LaunchedProcess {

  static LaunchedProcess launch(NodeProcess process) {
    String lines =
        String.join("\n", process.configuration()) + "\n" + NodeProcess.END_OF_CONFIGURATION;
    try {
      NodeConfiguration configuration =
          NodeConfiguration.read(new BufferedReader(new StringReader(lines)));
      Node node = Node.start(configuration.options());
      node.owner(configuration.owner(), forWantOfMemory -> closeAsync(node));
      return new InJvmLauncher(node);
    } catch (IOException e) {
      throw new LaunchException("node " + process.nodeName() + ": " + e.getMessage(), e);
    }
  }

  /** The news comes on an event loop of the node itself. */
  private static void closeAsync(Node orphan) {
    orphan.surroundings().spawner().virtual("places-close-" + orphan.name(), orphan::close);
  }

  @Override
  public InetSocketAddress address() {
    return node.address();
  }

  @Override
  public long processId() {
    return ProcessHandle.current().pid();
  }

  @Override
  public void end(Duration limit) {
    node.close();
  }

  @Override
  public void kill() {
    node.abort();
  }

  @Override
  public String fate() {
    return "it ran in this JVM";
  }
}
