package io.places.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.PlacesException;
import io.places.launch.Hosts.Host;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HostsTest {
  private static final Path FILE = Path.of("/etc/cluster/hosts.yaml");

  @TempDir private Path folder;

  @Test
  void aHostsFileSaysWhereAndHow() {
    Hosts hosts =
        HostsFile.parse(
            FILE,
            """
            # the cluster of the third floor
            hosts:
              - host: alpha
                slots: 4
                user: ada
                port: 2222
                identity: keys/ada
                config: /etc/places/ssh.conf
                java: /opt/jdk-25
                jvm-options: [-Xmx2g, "-Da=b c"]
              - host: beta
              - launcher: process
                slots: 2
                jvm-options:
                  - -Xmx1g
              - {launcher: attach, address: "127.0.0.1:7001"}
            secret-file: cluster.key
            """);

    assertThat(hosts)
        .isEqualTo(
            new Hosts(
                List.of(
                    new Host(
                        "alpha",
                        4,
                        Launch.ssh("ada@alpha")
                            .port(2222)
                            .identity(Path.of("/etc/cluster/keys/ada"))
                            .config(Path.of("/etc/places/ssh.conf"))
                            .java("/opt/jdk-25")
                            .jvmOption("-Xmx2g")
                            .jvmOption("-Da=b c")),
                    new Host("beta", 1, Launch.ssh("beta")),
                    new Host("localhost", 2, Launch.process().jvmOption("-Xmx1g")),
                    new Host(
                        "127.0.0.1:7001",
                        1,
                        Launch.attach(HostAndPort.parse("127.0.0.1:7001")))),
                Path.of("/etc/cluster/cluster.key")));
    assertThat(hosts.slots()).isEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "hosts: [{host: a, slot: 4}]|1|unknown key 'slot'; a host has config, host, identity",
        "hosts:\\n- host: a\\n  slots: many|3|'slots' must be a number, not 'many'",
        "hosts:\\n- host: a\\n  slots: 0|3|'slots' must be 1 to 1000, not 0",
        "hosts:\\n- host: a\\n  slots: -1|3|'slots' must be 1 to 1000, not -1",
        "hosts:\\n- host: a\\n  slots: 1000000000000|3|'slots' must be 1 to 1000, not 1000000000000",
        "hosts:\\n- host: a\\n- host: -oProxyCommand=x|3|'-oProxyCommand=x' is no host",
        "hosts:\\n- host: a\\n  user: '$(id)'|2|'$(id)' is no user name",
        "hosts:\\n- host: a\\n  port: 99999|2|an ssh port is 1 to 65535, not 99999",
        "hosts:\\n- host: a\\n  host: b|3|the key 'host' is there twice",
        "hosts:\\n- launcher: telnet|2|there is no launcher 'telnet'; it is ssh, process or attach",
        "hosts:\\n- slots: 2|2|an entry needs 'host' (for ssh), or a 'launcher': process or attach",
        "hosts:\\n- launcher: process\\n  host: a|3|unknown key 'host'; an entry with launcher process has",
        "hosts:\\n- launcher: attach\\n  address: nowhere|3|'nowhere' is no address",
        "hosts:\\n- launcher: attach|2|an entry to attach needs 'address'",
        "hosts:\\n- launcher: ssh|2|an entry for ssh needs 'host'",
        "hosts:\\n- host: [a]|2|'host' must be a text",
        "hosts:\\n- host: a\\n  jvm-options: -Xmx1g|3|'jvm-options' must be a list",
        "hosts:\\n- host: a\\n  java: jdk|2|the JDK's folder on a must be an absolute path",
        "hosts:\\n- alpha|2|a host must consist of lines 'key: value'",
        "hosts: alpha|1|there must be a list 'hosts' with at least one entry",
        "host: alpha|1|unknown key 'host'; the file has hosts, secret-file",
        "hosts:\\n - host: a\\n- host: b|3|",
        "hosts: [|1|",
        "hosts: \\t- a|1|"
      })
  void whatIsWrongIsToldWithItsLine(String text, int line, String what) {
    assertThatThrownBy(() -> HostsFile.parse(FILE, text.replace("\\n", "\n").replace("\\t", "\t")))
        .isInstanceOf(PlacesException.class)
        .hasMessageStartingWith(FILE + ", line " + line + ": ")
        .hasMessageContaining(what == null ? "" : what);
  }

  @Test
  void aFileThatIsNoHostsFileIsToldAndAMissingOne() throws Exception {
    assertThatThrownBy(() -> HostsFile.parse(FILE, "# nothing\n"))
        .hasMessage(FILE + ": it is empty; there must be a list 'hosts'");
    assertThatThrownBy(() -> HostsFile.parse(FILE, "[".repeat(20_000)))
        .hasMessage(FILE + ": it is nested too deep for a hosts file");
    Path missing = folder.resolve("none.yaml");
    assertThatThrownBy(() -> Hosts.read(missing)).hasMessage("there is no hosts file " + missing);
    Path binary = Files.write(folder.resolve("binary.yaml"), new byte[] {(byte) 0xff, 0, 1});
    assertThatThrownBy(() -> Hosts.read(binary)).hasMessageContaining("is no UTF-8 text");
    Path toml = Files.writeString(folder.resolve("hosts.toml"), "[[hosts]]\nhost = \"a\"\n");
    assertThatThrownBy(() -> Hosts.read(toml))
        .hasMessageStartingWith(toml + ", line ")
        .hasMessageEndingWith("a hosts file is YAML, not TOML");
  }

  @Test
  void slotsAreDealtLikeCards() {
    Host alpha = host("alpha", 3);
    Host beta = host("beta", 1);
    Host gamma = host("gamma", 2);
    var hosts = new Hosts(List.of(alpha, beta, gamma), null);

    assertThat(hosts.launchers())
        .containsExactly(
            alpha.launcher(),
            beta.launcher(),
            gamma.launcher(),
            alpha.launcher(),
            gamma.launcher(),
            alpha.launcher());
    assertThat(hosts.deal(4))
        .isEqualTo(new Hosts(List.of(host("alpha", 2), beta, host("gamma", 1)), null));
    assertThat(hosts.deal(1)).isEqualTo(new Hosts(List.of(host("alpha", 1)), null));
    assertThat(hosts.deal(6)).isEqualTo(hosts);
  }

  @Test
  void moreNodesThanSlotsAreRefused() {
    var hosts = new Hosts(List.of(host("alpha", 3), host("beta", 1)), null);

    assertThatThrownBy(() -> hosts.deal(5))
        .isInstanceOf(PlacesException.class)
        .hasMessage(
            "5 nodes do not fit: alpha has 3 slots, beta has 1 slot; ask for fewer, or give a host more slots");
    assertThatThrownBy(() -> hosts.deal(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aProgramIsToldItsHostsByTheEnvironment() throws Exception {
    Path file =
        Files.write(
            folder.resolve("hosts.yaml"),
            "hosts: [{host: alpha, slots: 2}, {host: beta, slots: 2}]".getBytes(StandardCharsets.UTF_8));

    assertThat(Hosts.given(Map.of())).isEmpty();
    assertThat(Hosts.given(Map.of("PLACES_NODES", "3"))).contains(Hosts.local(3));
    assertThat(Hosts.given(Map.of("PLACES_HOSTS", file.toString()))).contains(Hosts.read(file));
    assertThat(Hosts.given(Map.of("PLACES_HOSTS", file.toString(), "PLACES_NODES", "3")))
        .contains(Hosts.read(file).deal(3));
    for (String wrong : List.of("-1", "0", "1001", "99999999999", "two")) {
      assertThatThrownBy(() -> Hosts.given(Map.of("PLACES_NODES", wrong)))
          .isInstanceOf(PlacesException.class)
          .hasMessage(
              "the environment variable PLACES_NODES must be a number of nodes, 1 to 1000, not '%s'",
              wrong);
    }
  }

  @Test
  void soItIsToldHowLongANodeMayTake() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("hosts.yaml"),
            "hosts: [{host: alpha}, {launcher: process}, {launcher: attach, address: 'localhost:6344'}]\nsecret-file: secret");
    String limit = "PLACES_START_LIMIT";
    Duration minute = Duration.ofMinutes(1);

    assertThat(Hosts.given(Map.of(limit, "PT1M"))).isEmpty();
    assertThat(Hosts.given(Map.of(limit, "PT1M", "PLACES_NODES", "3")))
        .contains(Hosts.of(3, Launch.process().limit(minute)));
    assertThat(Hosts.given(Map.of(limit, "PT1M", "PLACES_HOSTS", file.toString())).orElseThrow().launchers())
        .containsExactly(
            Launch.ssh("alpha").limit(minute),
            Launch.process().limit(minute),
            Launch.attach(HostAndPort.parse("localhost:6344")));
    for (String wrong : List.of("1m", "PT0S", "-PT1S")) {
      assertThatThrownBy(() -> Hosts.given(Map.of(limit, wrong, "PLACES_NODES", "3")))
          .isInstanceOf(PlacesException.class)
          .hasMessage(
              "the environment variable PLACES_START_LIMIT must be a time of more than none, such as PT30S, not '%s'",
              wrong);
    }
  }

  private static Host host(String name, int slots) {
    return new Host(name, slots, Launch.ssh(name));
  }
}
