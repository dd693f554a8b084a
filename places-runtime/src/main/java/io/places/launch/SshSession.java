package io.places.launch;

import io.places.Seconds;
import io.places.Spawner;
import io.places.Surroundings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/*
 * One ssh process makes the connection and carries the node's streams. It is a master in the sense of
 * ssh's ControlMaster: further, short-lived ssh processes that name its control socket use its connection
 * without logging in again. That is how jars are sent while the first waits for them, and how ports are
 * forwarded when they are known or needed.
 *
 * The command on the other side is a constant. It evaluates the first line that it reads, which is the
 * script far.sh with its line ends replaced: so neither the login shell over there, which may be no POSIX
 * shell, nor its quoting matters. Everything else is read by that script, as data.
 */
/** An ssh connection with one node at its other end. */
final class SshSession {
  /** Line ends arrive as \036: a character that no script needs and no shell uses for itself. */
  static final String COMMAND =
      "exec sh -c 'IFS= read -r s && eval \"$(printf %s \"$s\" | tr \"\\036\" \"\\012\")\"'";

  static final String SCRIPT = script();

  /** Until the other machine has taken one jar: 64 MiB at 1 Mbit/s. */
  private static final Duration SEND_LIMIT = Duration.ofMinutes(10);

  /** For a request over a connection that exists. */
  private static final Duration REQUEST_LIMIT = Duration.ofSeconds(10);

  /** A process that was killed is gone after a few milliseconds. */
  private static final Duration ENDING = Duration.ofSeconds(2);

  /** From the end of a process's streams to its own. */
  private static final Duration JUST_ENDING = Duration.ofMillis(300);

  private static final int CONNECT_SECONDS = 10;

  /** Below the ports from which systems serve outgoing connections, so that most are free. */
  private static final int FIRST_PORT = 20_000;

  private static final int LAST_PORT = 32_000;
  private static final int PORT_ATTEMPTS = 20;

  /** What a path of a Unix socket may have, less what ssh appends while it makes one. */
  private static final int MOST_SOCKET_PATH = 84;

  /** Means that ssh itself failed, or that the far process was ended by a signal. */
  private static final int SSH_FAILED = 255;

  private final SshLauncher to;
  private final Path folder;
  private final Process process;
  private final CompletableFuture<Void> ended;
  private final Writer stdin;
  private final ProcessOutput output;

  private SshSession(SshLauncher to, String nodeName) throws IOException {
    this.to = to;
    folder = socketFolder();
    try {
      process = asksNobody(new ProcessBuilder(connecting())).start();
    } catch (IOException e) {
      Files.delete(folder);
      throw e;
    }
    ended = process.onExit().thenRun(this::removeFolder);
    stdin = new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8);
    output = ProcessOutput.pump(nodeName, process, Spawner.system(), null);
  }

  /** Starts to connect. */
  static SshSession open(SshLauncher to, String nodeName) throws IOException {
    var session = new SshSession(to, nodeName);
    try {
      session.say(SCRIPT);
    } catch (IOException e) {
      // It has ended already; whoever waits for its answer learns why.
    }
    return session;
  }

  ProcessOutput output() {
    return output;
  }

  Process process() {
    return process;
  }

  /** Writes lines to the standard input over there. */
  void say(String... lines) throws IOException {
    say(Arrays.asList(lines));
  }

  void say(List<String> lines) throws IOException {
    for (String line : lines) {
      stdin.write(line + "\n");
    }
    stdin.flush();
  }

  /**
   * The next line of the script over there.
   *
   * @throws FarFailure if it says that it failed
   * @throws IOException if the connection ends
   */
  String answer(Duration limit) throws IOException, InterruptedException, TimeoutException {
    return understood(output.announcement(limit));
  }

  /** Has the other machine put a jar into its cache. */
  void send(ClassPathJar jar) throws IOException, InterruptedException, TimeoutException {
    try {
      String said =
          request(
              List.of(),
              SEND_LIMIT,
              out -> {
                out.write(
                    (SCRIPT + "\nreceive\n" + jar.hash() + "\n").getBytes(StandardCharsets.UTF_8));
                jar.writeTo(out);
              });
      if (!said.isBlank()) {
        throw new FarFailure(said.strip());
      }
    } catch (FarFailure e) {
      throw new FarFailure(
          "%s was not taken: %s; if a build writes there just now, launch again when it is done"
              .formatted(jar.origin(), e.getMessage()));
    }
  }

  /** Makes what listens on a loopback port over there reachable at a loopback address here. */
  InetSocketAddress forward(int farPort)
      throws IOException, InterruptedException, TimeoutException {
    // ssh cannot have the system choose a local port: so we do, until one is free.
    RandomGenerator random = Surroundings.system().random();
    for (int attempt = 1; ; attempt++) {
      int port = random.nextInt(FIRST_PORT, LAST_PORT);
      try {
        request(
            List.of("-O", "forward", "-L", "127.0.0.1:%d:127.0.0.1:%d".formatted(port, farPort)),
            REQUEST_LIMIT,
            null);
        return HostAndPort.loopback(port);
      } catch (IOException e) {
        if (attempt == PORT_ATTEMPTS || !process.isAlive()) {
          throw e;
        }
      }
    }
  }

  /** Makes what listens at a loopback address here reachable on a loopback port over there. */
  int forwardBack(InetSocketAddress here)
      throws IOException, InterruptedException, TimeoutException {
    String port =
        request(
            List.of(
                "-O",
                "forward",
                "-R",
                "127.0.0.1:0:%s:%d".formatted(here.getAddress().getHostAddress(), here.getPort())),
            REQUEST_LIMIT,
            null);
    try {
      return Integer.parseInt(port.strip());
    } catch (NumberFormatException e) {
      throw new IOException("ssh answered '%s' instead of a port".formatted(port.strip()), e);
    }
  }

  /** Ends a process over there by force. */
  void kill(long processId) throws IOException, InterruptedException, TimeoutException {
    request(
        List.of(),
        ENDING,
        out -> out.write("%s\nkill\n%d\n".formatted(SCRIPT, processId).getBytes(StandardCharsets.UTF_8)));
  }

  /** Ends the connection by force, upon which the node over there ends by itself. */
  void end() {
    List<ProcessHandle> toJumpHosts = process.descendants().toList();
    process.destroyForcibly();
    toJumpHosts.forEach(ProcessHandle::destroyForcibly); // who is killed leaves its children behind
    try {
      ended.get(ENDING.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // A process that cannot be killed hangs in the system.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** How the ssh process has ended, if it has or is just ending, in brackets. */
  String exitClause() {
    try {
      if (!process.waitFor(JUST_ENDING.toMillis(), TimeUnit.MILLISECONDS)) {
        return "";
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
    int code = process.exitValue();
    return code == SSH_FAILED ? " (ssh failed)" : " (exit code " + code + ")";
  }

  /** What the program over there has ended with, of a session that is over; empty if ssh itself failed. */
  OptionalInt exitCode() {
    int code = process.exitValue();
    return code == SSH_FAILED ? OptionalInt.empty() : OptionalInt.of(code);
  }

  private interface Input {
    void writeTo(OutputStream out) throws IOException;
  }

  /** Runs another ssh over the connection and answers what it printed. */
  private String request(List<String> options, Duration limit, @Nullable Input input)
      throws IOException, InterruptedException, TimeoutException {
    Process request =
        new ProcessBuilder(sharing(socket(), to.host(), options, input == null ? null : COMMAND))
            .redirectErrorStream(true)
            .start();
    try {
      Thread writer =
          Spawner.system().virtual("places-ssh-" + to.host(), () -> write(input, request));
      if (!request.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new TimeoutException("ssh to %s takes over %s".formatted(to.host(), Seconds.of(limit)));
      }
      writer.join();
      var said = new ByteArrayOutputStream();
      request.getInputStream().transferTo(said);
      String text = said.toString(StandardCharsets.UTF_8);
      if (request.exitValue() != 0) {
        throw new FarFailure("ssh to %s says: %s".formatted(to.host(), text.strip()));
      }
      return text;
    } finally {
      request.destroyForcibly();
    }
  }

  private static void write(@Nullable Input input, Process to) {
    try (OutputStream out = to.getOutputStream()) {
      if (input != null) {
        input.writeTo(out);
      }
    } catch (IOException e) {
      // The process has ended and says why.
    }
  }

  private static String understood(String answer) throws FarFailure {
    if (answer.startsWith("failed no-jdk ")) {
      throw new FarFailure(
          "no JDK %d was found: %s. Install one there, for example Eclipse Temurin, or name its folder"
              .formatted(Runtime.version().feature(), answer.substring("failed no-jdk ".length())));
    }
    if (answer.startsWith("failed ")) {
      throw new FarFailure(answer.substring("failed ".length()));
    }
    return answer;
  }

  /** BatchMode is not for the ssh to a jump host, which would ask on the terminal and wait. */
  private static ProcessBuilder asksNobody(ProcessBuilder ssh) {
    ssh.environment().put("SSH_ASKPASS", "false"); // the program of that name: it answers nothing
    ssh.environment().put("SSH_ASKPASS_REQUIRE", "force");
    return ssh;
  }

  private List<String> connecting() {
    List<String> command = new ArrayList<>();
    command.add("ssh");
    if (to.config() != null) {
      command.addAll(List.of("-F", to.config().toString()));
    }
    // Whatever the user's configuration says of the host: no questions, no forwarded ports, agents or
    // displays, no other command, and streams that carry bytes.
    command.addAll(List.of("-T", "-a", "-x", "-S", socket()));
    for (String option :
        List.of(
            "BatchMode=yes",
            "ConnectTimeout=" + CONNECT_SECONDS,
            "ControlMaster=yes",
            "ControlPersist=no",
            "ClearAllForwardings=yes",
            "RemoteCommand=none",
            "PermitLocalCommand=no",
            "LogLevel=ERROR")) {
      command.addAll(List.of("-o", option));
    }
    if (to.port() != null) {
      command.addAll(List.of("-p", to.port().toString()));
    }
    if (to.identity() != null) {
      command.addAll(
          List.of("-o", "IdentitiesOnly=yes", "-i", to.identity().toString().replace("%", "%%")));
    }
    if (to.user() != null) {
      command.addAll(List.of("-l", to.user()));
    }
    command.addAll(List.of("--", to.host(), COMMAND));
    return command;
  }

  /**
   * All that such a command needs to know is the socket: not the user's configuration. Where nobody listens at that any
   * more it must not connect by itself: without the configuration the host's name may be that of another machine.
   */
  static List<String> sharing(
      String socket, String host, List<String> options, @Nullable String farCommand) {
    List<String> command =
        new ArrayList<>(
            List.of("ssh", "-F", "/dev/null", "-T", "-S", socket, "-o", "BatchMode=yes"));
    command.addAll(List.of("-o", "ProxyCommand=false"));
    command.addAll(options);
    command.addAll(List.of("--", host));
    if (farCommand != null) {
      command.add(farCommand);
    }
    return command;
  }

  private String socket() {
    return folder.resolve("c").toString().replace("%", "%%");
  }

  private static Path socketFolder() throws IOException {
    Path folder = Files.createTempDirectory("places");
    if (folder.toString().length() <= MOST_SOCKET_PATH) {
      return folder;
    }
    Files.delete(folder);
    return Files.createTempDirectory(Path.of("/tmp"), "places");
  }

  private void removeFolder() {
    try {
      Files.deleteIfExists(folder.resolve("c"));
      Files.deleteIfExists(folder);
    } catch (IOException e) {
      // An empty folder of a few bytes stays in the folder for such.
    }
  }

  private static String script() {
    try (InputStream in = SshSession.class.getResourceAsStream("far.sh")) {
      if (in == null) {
        throw new IllegalStateException("far.sh is missing beside " + SshSession.class);
      }
      return new String(in.readAllBytes(), StandardCharsets.US_ASCII).replace('\n', '\036');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
