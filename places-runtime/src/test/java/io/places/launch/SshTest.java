package io.places.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.ListeningSockets;
import io.places.NodeLostException;
import io.places.channel.PlaceChannel;
import io.places.node.Node;
import io.places.node.RemoteNode;
import io.places.place.Place;
import io.places.place.Spawn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes launched by a real ssh on a real sshd. */
@Tag("ssh")
class SshTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private static final Duration AFTER_A_START = Duration.ofSeconds(20);

  @TempDir private static Path folder;

  private static Sshd alpha;
  private static Sshd beta;

  @BeforeAll
  static void startMachines() throws IOException {
    alpha = Sshd.start(folder, "alpha");
    beta = Sshd.start(folder, "beta");
    try (Node node = Node.start()) {
      node.launch(alpha.launcher()); // sends the jars, so that no other test waits for that
    }
  }

  @AfterAll
  static void endMachines() throws Exception {
    alpha.close();
    beta.close();
    assertThat(ours()).isEmpty();
  }

  static void whereAmI(PlaceChannel<String, Void> creator) {
    creator.put(ProcessHandle.current().pid() + " " + System.getenv("HOME"));
  }

  static void listening(PlaceChannel<String, Void> creator) {
    creator.put(Node.current().address().toString());
  }

  static void greeter(PlaceChannel<Void, PlaceChannel<String, String>> clients) {
    PlaceChannel<String, String> client = clients.get();
    client.put("hello, " + client.get());
  }

  static void visitor(PlaceChannel<String, Void> creator, Integer port) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try (var greeter = Node.current().connect(address).named("greeter", String.class, String.class)) {
      greeter.put("neighbour");
      creator.put(greeter.get());
    }
  }

  static void sleeper(PlaceChannel<Void, Void> creator) {
    creator.get();
  }

  @Test
  void aNodeOnAnotherMachineRunsPlacesAndEndsWithItsOwner() {
    long process;
    try (Node node = Node.start()) {
      RemoteNode worker = node.launch(alpha.launcher());
      process = worker.processId();
      Place<Void, String> place = worker.place(SshTest::whereAmI);
      assertThat(place.get(SOON)).isEqualTo(process + " " + folder.resolve("alpha/home"));
      assertThat(worker.host()).isEqualTo("alpha");
      Place<Void, String> listening = worker.place(SshTest::listening);
      assertThat(listening.get(SOON)).contains("127.0.0.1:");
    }
    assertThat(ProcessHandle.of(process)).isEmpty();
  }

  @Test
  void theClassPathIsKeptThereByItsHashAndSentOnce() throws Exception {
    Map<String, Object> first;
    try (Node node = Node.start()) {
      List<RemoteNode> workers = node.launch(2, beta.launcher());
      assertThat(workers).hasSize(2);
      first = cached(beta);
    }
    assertThat(first.size()).isEqualTo(ClassPathJar.ofThisJvm().size());
    for (String jar : first.keySet()) {
      assertThat(jar).isEqualTo(hash(beta.cache().resolve(jar)) + ".jar");
    }

    String damaged = first.keySet().iterator().next();
    Files.writeString(beta.cache().resolve(damaged), "not what it was");
    try (Node node = Node.start()) {
      Place<Void, String> place = node.launch(beta.launcher()).place(SshTest::whereAmI);
      assertThat(place.get(SOON)).contains("beta");
      Map<String, Object> second = cached(beta);
      assertThat(hash(beta.cache().resolve(damaged)) + ".jar").isEqualTo(damaged);
      first.remove(damaged);
      second.remove(damaged);
      assertThat(second).isEqualTo(first);
    }
  }

  @Test
  void placesOnTwoMachinesReachEachOtherThroughTheirOwnerAndNobodyElseReachesThem() throws IOException {
    try (Node node = Node.start()) {
      RemoteNode one = node.launch(alpha.launcher());
      RemoteNode other = node.launch(beta.launcher());
      RemoteNode here = node.launch(Launch.process());
      for (RemoteNode host : List.of(one, here)) {
        for (RemoteNode visitor : List.of(other, here, one)) {
          if (visitor != host) {
            Place<PlaceChannel<String, String>, Void> greeter =
                host.place(Spawn.named("greeter"), SshTest::greeter);
            int port = host.addressFrom(visitor).getPort();
            Place<Void, String> visit = visitor.place(SshTest::visitor, port);
            assertThat(visit.get(SOON)).isEqualTo("hello, neighbour");
            assertThat(greeter.join(SOON)).isZero();
          }
        }
      }
      assertThat(one.addressFrom(other)).isEqualTo(one.addressFrom(other)).isNotEqualTo(one.address());
      assertThat(one.addressFrom(here)).isEqualTo(one.address());

      for (long process : List.of(ProcessHandle.current().pid(), one.processId(), here.processId())) {
        ListeningSockets.Addresses listening = ListeningSockets.of(process);
        assertThat(listening.count()).isPositive();
        assertThat(listening.reachable()).isEmpty();
      }
      for (ProcessHandle each : Stream.concat(ours().stream(), alpha.sessions()).toList()) { // with the ports they forward
        assertThat(ListeningSockets.of(each.pid()).reachable()).isEmpty();
      }
    }
  }

  static void echoOn(PlaceChannel<Void, PlaceChannel<String, String>> creator) {
    PlaceChannel<String, String> end = creator.get();
    end.put("echo of " + end.get());
  }

  static void askOn(PlaceChannel<String, PlaceChannel<String, String>> creator) {
    creator.put(creator.get().ask("an end on each machine", SOON));
  }

  @Test
  void placesOnTwoMachinesHoldTheTwoEndsOfAChannel() {
    try (Node node = Node.start()) {
      RemoteNode one = node.launch(alpha.launcher());
      RemoteNode other = node.launch(beta.launcher());
      var pair = PlaceChannel.pair(String.class, String.class);
      Place<PlaceChannel<String, String>, Void> echo = one.place(SshTest::echoOn);
      echo.put(pair.second());
      Place<PlaceChannel<String, String>, String> asks = other.place(SshTest::askOn);
      asks.put(pair.first());
      assertThat(asks.get(SOON)).isEqualTo("echo of an end on each machine");
    }
  }

  /** Reached by a port and a key that the user's configuration does not name. */
  @Test
  void aKilledNodeIsGoneAndSaysSo() throws IOException {
    try (Node node = Node.start()) {
      RemoteNode worker = node.launch(alpha.launcherWithoutConfiguredLogin());
      long process = worker.processId();
      Place<Void, Void> place = worker.place(SshTest::sleeper);
      worker.kill();
      assertThat(ProcessHandle.of(process)).isEmpty();
      assertThatThrownBy(() -> place.get(SOON))
          .isInstanceOf(NodeLostException.class)
          .hasMessageContaining("node-1")
          .hasMessageContaining("the ssh to its process " + process + " on alpha ended");
    }
  }

  @Test
  void aNodeEndsWhenItsSshConnectionDoes() throws Exception {
    try (Node node = Node.start()) {
      RemoteNode worker = node.launch(alpha.launcher());
      ProcessHandle process = ProcessHandle.of(worker.processId()).orElseThrow();
      ProcessHandle ssh = ours().stream().filter(SshTest::isSsh).findFirst().orElseThrow();
      ssh.destroyForcibly();
      process.onExit().get(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void noSecretIsOnACommandLineOrInAnEnvironment() throws IOException {
    try (Node node = Node.start()) {
      Path process = Path.of("/proc", Long.toString(node.launch(alpha.launcher()).processId()));
      String line = Files.readString(process.resolve("cmdline")).replace('\0', ' ');
      assertThat(line).endsWith(" io.places.node.NodeMain node-1 ").doesNotContain("key=");
      assertThat(Files.readString(process.resolve("environ"))).doesNotContain("key=");
      assertThat(ours().stream().filter(SshTest::isSsh))
          .hasSize(1)
          .allSatisfy(ssh -> assertThat(commandLine(ssh)).contains(" -- alpha ").doesNotContain("key="));
    }
  }

  @Test
  void aMissingJdkIsToldWithHostAndFolder() {
    assertFails(
        alpha.launcher().java("/no/such/jdk"),
        "node-1 on alpha could not be started: no JDK 25 was found: there is none in /no/such/jdk");
  }

  @Test
  void anUnknownHostIsTold() {
    assertFails(Launch.ssh("no-such-host.invalid").config(alpha.config()), "no-such-host.invalid");
  }

  @Test
  void aClosedPortIsTold() {
    assertFails(alpha.launcher().port(1), "node node-1 on alpha ", "port 1: Connection refused");
  }

  @Test
  void aLoginThatIsRefusedIsTold() {
    assertFails(alpha.launcher().user("no-such-user"), "ended before it listened", "Permission denied");
  }

  @Test
  void aHostThatMayNotForwardPortsIsTold() throws Exception {
    try (Sshd strict = Sshd.start(folder, "strict", "AllowTcpForwarding no")) {
      // Not known before a JVM has started over there.
      assertFailsWithin(
          AFTER_A_START,
          strict.launcher(),
          "node-1 was launched, but",
          "the sshd there refuses to forward ports",
          "AllowTcpForwarding no");
    }
  }

  @Test
  void aJvmThatCannotStartIsToldInItsOwnWords() {
    assertFails(alpha.launcher().jvmOption("-Xmx3"), "node-1 on alpha ended", "Too small maximum heap");
  }

  @Test
  void aWrongMainClassIsTold() {
    FailedLaunch.assertFails(
        () -> alpha.launcher().launch(new NodeProcess("node-7", "io.places.NoSuchMain", List.of())),
        "node node-7 on alpha ended before it listened (exit code 1)",
        "ClassNotFoundException: io.places.NoSuchMain");
  }

  /** "behind" is a machine that the user's configuration reaches through alpha only. */
  @Test
  void aMachineBehindAnotherIsReachedAsTheUsersConfigurationSays() throws Exception {
    long logins = loginsOn(alpha);
    try (Node node = Node.start()) {
      RemoteNode behind = node.launch(Launch.ssh("behind").config(throughAlpha("alpha")));
      assertThat(loginsOn(alpha)).isEqualTo(logins + 1);
      assertThat(ours().stream().filter(SshTest::isSsh))
          .as("the ssh to each machine, which would else ask on the terminal")
          .hasSize(2)
          .allSatisfy(ssh -> assertThat(environment(ssh)).contains("SSH_ASKPASS_REQUIRE=force"));
      Place<Void, String> place = behind.place(SshTest::whereAmI);
      assertThat(place.get(SOON))
          .isEqualTo(behind.processId() + " " + folder.resolve("beta/home"));
      RemoteNode here = node.launch(Launch.process()); // and back to this machine
      here.place(Spawn.named("greeter"), SshTest::greeter);
      Place<Void, String> visit =
          behind.place(SshTest::visitor, here.addressFrom(behind).getPort());
      assertThat(visit.get(SOON)).isEqualTo("hello, neighbour");

      behind.kill();
      long start = System.nanoTime();
      while (!ours().isEmpty()) { // the ssh to alpha is no child of this JVM
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
      }
    }
  }

  @Test
  void aJumpHostThatIsNotThereIsTold() throws IOException {
    assertFails(
        Launch.ssh("behind").config(throughAlpha("no-such-host.invalid")), "no-such-host.invalid");
  }

  /** A configuration in which beta is called behind, and needs a jump over another machine. */
  private static Path throughAlpha(String jump) throws IOException {
    String there = Files.readString(beta.config()).replace("Host beta", "Host behind");
    return Files.writeString(
        folder.resolve("config-through-" + jump),
        "%s  ProxyJump %s%n%s".formatted(there, jump, Files.readString(alpha.config())));
  }

  private static long loginsOn(Sshd machine) throws IOException {
    return machine.log().lines().filter(line -> line.startsWith("Accepted publickey")).count();
  }

  private static void assertFails(SshLauncher launcher, String... words) {
    assertFailsWithin(Duration.ofSeconds(3), launcher, words);
  }

  private static void assertFailsWithin(Duration limit, SshLauncher launcher, String... words) {
    try (Node node = Node.start()) {
      FailedLaunch.assertFailsWithin(limit, () -> node.launch("node-1", launcher), words);
      assertThat(ours()).isEmpty();
    }
  }

  /** The ssh clients and far nodes of this test. */
  private static List<ProcessHandle> ours() {
    return ProcessHandle.allProcesses()
        .filter(ProcessHandle::isAlive)
        .filter(process -> isSsh(process) || commandLine(process).contains(".cache/places"))
        .filter(process -> commandLine(process).contains(folder.toString()))
        .toList();
  }

  private static boolean isSsh(ProcessHandle process) {
    return commandLine(process).contains("-F " + folder);
  }

  private static String environment(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(process.pid()), "environ"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String commandLine(ProcessHandle process) {
    return process.info().commandLine().orElse("");
  }

  private static Map<String, Object> cached(Sshd machine) throws IOException {
    try (Stream<Path> files = Files.list(machine.cache())) {
      Map<String, Object> keys = new TreeMap<>();
      for (Path file : files.toList()) {
        keys.put(file.getFileName().toString(), Files.getAttribute(file, "unix:ino"));
      }
      return keys;
    }
  }

  private static String hash(Path file) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }
}
