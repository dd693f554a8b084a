package io.places.launch;

import java.net.InetSocketAddress;
import java.time.Duration;

/**
 * "Launches" a node that somebody has started already: it is only connected to, and left running in the
 * end. It keeps its own name, and starts only what its own allow-list has. Its cluster's secret must be
 * that of the node that attaches it.
 *
 * @param address where it listens, as this machine reaches it
 */
record AttachLauncher(InetSocketAddress address) implements Launcher {
  @Override
  public LaunchedProcess launch(NodeProcess process) {
    return new AttachedNode(address);
  }

  private record AttachedNode(InetSocketAddress address) implements LaunchedProcess {
    @Override
    public String host() {
      return address.getHostString();
    }

    @Override
    public long processId() {
      throw new IllegalStateException(
          "the process id of the node at %s is not known: it was attached, not launched"
              .formatted(address));
    }

    @Override
    public void end(Duration limit) {
      // Whoever started it ends it.
    }

    @Override
    public void kill() {
      // Likewise.
    }

    @Override
    public String fate() {
      return "it was attached to, not launched here";
    }

    @Override
    public boolean isAttached() {
      return true;
    }
  }
}
