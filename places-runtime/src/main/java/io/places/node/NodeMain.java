package io.places.node;

import io.places.Spawner;
import io.places.launch.NodeProcess;
import io.places.place.PlaceStreams;
import io.places.wire.Wire;
import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * The main class of a launched node. Reads its configuration from the standard input, starts the node,
 * says on the standard output where it listens, and ends when the standard input does or the connection
 * to the owner is lost: an owner that is gone leaves nothing running. After a SIGTERM its places are told to
 * end and have 10 s for it; then it says goodbye and ends with exit code 0. When it has no memory for its
 * connections it ends with exit code 3.
 */
public final class NodeMain {
  /** Time for shutdown hooks of user code; then the JVM is halted. */
  private static final Duration EXIT_LIMIT = Duration.ofSeconds(1);

  /** Time for places to end after a SIGTERM. */
  private static final Duration TERMINATE_LIMIT = Duration.ofSeconds(10);

  /** As that of a JVM with {@code -XX:+ExitOnOutOfMemoryError}. */
  private static final int OUT_OF_MEMORY = 3;

  /** Of a node whose launcher is gone before it listens. */
  private static final int ORPHANED = 1;

  /** Made before, since there will be no memory for it. */
  private static final byte[] LAST_WORDS =
      "out of memory: this node cannot go on, and its JVM ends; give it a larger heap (-Xmx), or its places less to keep\n"
          .getBytes(StandardCharsets.US_ASCII);

  private static final FileOutputStream STDERR = new FileOutputStream(FileDescriptor.err);

  private static volatile boolean orphaned;

  /** Whether code of users may have begun. */
  private static volatile boolean listens;

  private NodeMain() {}

  /** Started by a launcher, not by hand. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    PrintStream launcher = System.out;
    var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    NodeConfiguration configuration = NodeConfiguration.read(in);
    System.setIn(InputStream.nullInputStream()); // the lifeline is not for places to read
    Thread lifeline = Spawner.system().platform("places-lifeline", () -> awaitEnd(in));
    PlaceStreams.install();
    endWithoutMemory();
    Node node = Node.start(configuration.options());
    node.owner(configuration.owner(), NodeMain::ownerIsLost);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> terminate(node), "places-terminate"));
    listens = true;
    launcher.println(NodeProcess.READY + node.address().getPort());
    launcher.flush();
    lifeline.join();
  }

  /** Nothing is said on the lifeline; that it is open is what it says. */
  private static void awaitEnd(BufferedReader lifeline) {
    try {
      while (lifeline.read() >= 0) {}
    } catch (IOException e) {
      // Then it is not open.
    }
    if (!listens) {
      Runtime.getRuntime().halt(ORPHANED); // a busy machine would take seconds to start what nobody needs
    }
    exit();
  }

  /**
   * Has this JVM end with exit code 3 when there is no memory for the connections of its nodes. A place for which
   * there is none fails like any other. Without connections a node is lost in any case: then its peers are to know
   * at once, and not when they miss its heartbeats.
   */
  public static void endWithoutMemory() {
    Thread.setDefaultUncaughtExceptionHandler(NodeMain::uncaught);
  }

  private static void uncaught(Thread thread, Throwable error) {
    if (error instanceof OutOfMemoryError && Wire.needs(thread)) {
      outOfMemory();
    }
    System.err.print("Exception in thread \"" + thread.getName() + "\" "); // as without a handler
    error.printStackTrace();
  }

  private static void outOfMemory() {
    try {
      STDERR.write(LAST_WORDS);
    } catch (IOException e) {
      // then without words
    } finally {
      Runtime.getRuntime().halt(OUT_OF_MEMORY);
    }
  }

  private static void ownerIsLost(boolean forWantOfMemory) {
    if (forWantOfMemory) {
      outOfMemory();
    }
    exit();
  }

  /**
   * At the end of the JVM: after a SIGTERM there is time for last words. Not when the owner is gone, who would
   * hear them, and not when a place has called System.exit: that place waits for this to return.
   */
  private static void terminate(Node node) {
    if (orphaned) {
      return; // before anything else: whoever closes this node waits for its end
    }
    boolean asked =
        Thread.getAllStackTraces().values().stream()
            .flatMap(Arrays::stream)
            .anyMatch(
                frame ->
                    frame.getClassName().equals("java.lang.Runtime")
                        && frame.getMethodName().equals("exit"));
    if (!asked) {
      node.terminate(TERMINATE_LIMIT);
      Runtime.getRuntime().halt(0);
    }
  }

  private static void exit() {
    orphaned = true;
    try {
      Spawner.system().platform("places-halt", NodeMain::haltAfterTheLimit);
      Spawner.system().platform("places-exit", () -> System.exit(0));
    } catch (OutOfMemoryError e) {
      outOfMemory();
    }
  }

  private static void haltAfterTheLimit() {
    try {
      Thread.currentThread().join(EXIT_LIMIT);
    } catch (InterruptedException e) {
      // halt at once, then
    }
    Runtime.getRuntime().halt(0);
  }
}
