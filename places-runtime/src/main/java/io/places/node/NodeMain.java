package io.places.node;

import io.places.Spawner;
import io.places.launch.NodeProcess;
import io.places.place.PlaceStreams;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * The main class of a launched node. Reads its configuration from the standard input, starts the node,
 * says on the standard output where it listens, and ends when the standard input does or the connection
 * to the owner is lost: an owner that is gone leaves nothing running.
 */
public final class NodeMain {
  /** Time for shutdown hooks of user code; then the JVM is halted. */
  private static final Duration EXIT_LIMIT = Duration.ofSeconds(1);

  private NodeMain() {}

  /** Started by a launcher, not by hand. */
  public static void main(String[] arguments) throws IOException {
    PrintStream launcher = System.out;
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    NodeConfiguration configuration = NodeConfiguration.read(in);
    System.setIn(InputStream.nullInputStream()); // the lifeline is not for places to read
    PlaceStreams.install();
    Node node = Node.start(configuration.options());
    node.onLost(configuration.owner(), NodeMain::exit);
    launcher.println(NodeProcess.READY + node.address().getPort());
    launcher.flush();
    while (in.read() >= 0) {
      // Nothing is said on the lifeline; that it is open is what it says.
    }
    exit();
  }

  private static void exit() {
    Spawner.system()
        .platform(
            "places-halt",
            () -> {
              try {
                Thread.currentThread().join(EXIT_LIMIT);
              } catch (InterruptedException e) {
                // halt at once, then
              }
              Runtime.getRuntime().halt(0);
            });
    Spawner.system().platform("places-exit", () -> System.exit(0));
  }
}
