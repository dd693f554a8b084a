package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.NodeLostException;
import io.places.place.Place;
import io.places.trace.ContextKeeping;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node in a process that may have 64 files and sockets open, as by {@code ulimit -n 64}. */
class FewDescriptorsTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** More than the process can have, fewer than the system holds for it. */
  private static final int FLOOD = 150;

  /** What only tests need is not on the class path: each jar takes a descriptor. */
  private static final Pattern OF_TESTS =
      Pattern.compile("junit|assertj|archunit|byte-buddy|opentest4j|apiguardian|surefire|error_prone|gson|guava");

  @TempDir private Path folder;

  /** The limited process: a node, until its standard input ends. */
  static final class Limited {
    private Limited() {}

    public static void main(String[] arguments) throws IOException {
      NodeOptions options =
          NodeOptions.standard()
              .name("limited")
              .secretFile(Path.of(arguments[0]))
              .allow("io.places.node");
      try (Node node = Node.start(options)) {
        System.out.println(node.address().getPort());
        while (System.in.read() >= 0) {}
      }
    }
  }

  @Test
  void aNodeWithoutDescriptorsForNewConnectionsServesThoseItHasSaysSoOnceAndTakesNewOnesAfterwards()
      throws Exception {
    Path secret = folder.resolve("secret");
    SecretFile.makeIfMissing(secret);
    NodeOptions options = NodeOptions.standard().secretFile(secret).allow("io.places.node");
    Path log = folder.resolve("log");
    Process process = start("ulimit -n 64 && exec \"$@\"", secret, log);
    List<Socket> flood = new ArrayList<>();
    try (BufferedReader out = process.inputReader();
        Node peer = Node.start(options.name("peer"));
        Node late = Node.start(options.name("late"))) {
      String port = out.readLine();
      assertThat(port).as(() -> read(log)).isNotNull();
      var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
      Place<String, String> echo = peer.connect(address).place(Bodies::echo);
      assertThat(echo.ask("before", SOON)).isEqualTo("before");

      for (int i = 0; i < FLOOD; i++) {
        var socket = new Socket();
        flood.add(socket);
        socket.connect(address);
      }
      long start = System.nanoTime();
      while (!read(log).contains("Too many open files")) {
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
        assertThat(echo.ask("meanwhile", SOON)).isEqualTo("meanwhile");
      }
      assertThatThrownBy(() -> late.connect(address, Duration.ofMillis(1_500)))
          .isInstanceOf(NodeLostException.class)
          .hasMessageContaining("did not answer within");
      assertThat(echo.ask("still", SOON)).isEqualTo("still");

      for (Socket socket : flood) {
        socket.close();
      }
      RemoteNode again = late.connect(address);
      assertThat(again.place(Bodies::echo).ask("afterwards", SOON)).isEqualTo("afterwards");
      assertThat(echo.ask("after all", SOON)).isEqualTo("after all");
      assertThat(read(log).lines().filter(line -> line.contains("Too many open files")))
          .singleElement()
          .asString()
          .startsWith("limited null: ")
          .contains("cannot take a connection at", "ulimit -n");
    } finally {
      for (Socket socket : flood) {
        socket.close();
      }
      process.getOutputStream().close();
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }

  /**
   * Starts a limited process.
   *
   * @param script for a shell; it limits itself and becomes its arguments
   */
  static Process start(String script, Path secret, Path log) throws IOException {
    String classPath =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .filter(each -> !OF_TESTS.matcher(Path.of(each).getFileName().toString()).find())
            .collect(Collectors.joining(File.pathSeparator));
    return new ProcessBuilder(
            "sh",
            "-c",
            script,
            "sh",
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            classPath,
            "-Dslf4j.provider=" + ContextKeeping.class.getName(),
            Limited.class.getName(),
            secret.toString())
        .redirectError(log.toFile())
        .start();
  }

  static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
