package io.places.launch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A machine to launch nodes on: an sshd on loopback with a home of its own. */
final class Sshd implements AutoCloseable {
  private static final Path SCRIPT = Path.of("..", "scripts", "sshd.sh");

  private final Path folder;
  private final Process process;

  private Sshd(Path folder, Process process) {
    this.folder = folder;
    this.process = process;
  }

  /** Starts one; fails if there is no sshd here and none can be installed. */
  static Sshd start(Path parent, String name, String... configuration) throws IOException {
    Path folder = parent.resolve(name);
    List<String> command =
        new ArrayList<>(List.of("bash", SCRIPT.toString(), folder.toString()));
    command.addAll(List.of(configuration));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var out =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    if (!"ready".equals(out.readLine())) {
      throw new AssertionError("no sshd: see what sshd.sh wrote to the standard error");
    }
    return new Sshd(folder, process);
  }

  SshLauncher launcher() {
    return Launch.ssh(folder.getFileName().toString())
        .config(config())
        .jvmOption("-XX:TieredStopAtLevel=1"); // its nodes run for too short a time to optimise anything
  }

  /** One whose configuration names neither the port nor the key. */
  SshLauncher launcherWithoutConfiguredLogin() throws IOException {
    String own = Files.readString(config());
    Path without = folder.resolve("config-without-login");
    Files.writeString(without, own.replaceAll("(?m)^ +(Port|IdentityFile) .*\\R", ""));
    Matcher port = Pattern.compile("(?m)^ +Port (\\d+)$").matcher(own);
    assertThat(port.find()).isTrue();
    return launcher()
        .config(without)
        .port(Integer.parseInt(port.group(1)))
        .identity(folder.resolve("key"));
  }

  /** The processes that serve those who have logged in. */
  Stream<ProcessHandle> sessions() {
    return process.descendants();
  }

  Path config() {
    return folder.resolve("config");
  }

  /** The folder in which jars are kept there. */
  Path cache() {
    return folder.resolve("home").resolve(".cache").resolve("places");
  }

  String log() throws IOException {
    return Files.readString(folder.resolve("log"));
  }

  @Override
  public void close() throws IOException {
    List<ProcessHandle> sshds = process.descendants().toList();
    process.getOutputStream().close();
    process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    assertThat(sshds).isNotEmpty();
    for (ProcessHandle sshd : sshds) {
      sshd.onExit().orTimeout(10, TimeUnit.SECONDS).join();
    }
  }
}
