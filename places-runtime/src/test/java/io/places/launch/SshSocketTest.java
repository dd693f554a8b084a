package io.places.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is asked for over the connection of a session that is over. */
class SshSocketTest {

  @Test
  void goesToNoOtherMachine(@TempDir Path folder) throws Exception {
    assumeTrue(
        Stream.of(System.getenv("PATH").split(":")).anyMatch(bin -> Files.isExecutable(Path.of(bin, "ssh"))),
        "no ssh is installed here");
    InetAddress here = InetAddress.getLoopbackAddress();
    try (var machine = new ServerSocket(0, 1, here)) {
      List<String> command =
          SshSession.sharing(
              folder.resolve("gone").toString(),
              here.getHostAddress(),
              List.of("-p", Integer.toString(machine.getLocalPort())),
              "kill -9 4711");
      assertThat(command).containsSubsequence("--", here.getHostAddress(), "kill -9 4711");
      assertThat(exitCodeOf(command)).isNotZero();
      machine.setSoTimeout(1); // who has connected waits to be accepted already
      assertThatThrownBy(machine::accept).isInstanceOf(SocketTimeoutException.class);
    }
  }

  private static int exitCodeOf(List<String> command) throws IOException, InterruptedException {
    Process ssh = new ProcessBuilder(command).redirectErrorStream(true).start();
    try {
      ssh.getOutputStream().close();
      assertThat(ssh.waitFor(20, TimeUnit.SECONDS)).as("it has ended by itself").isTrue();
      return ssh.exitValue();
    } finally {
      ssh.destroyForcibly();
    }
  }
}
