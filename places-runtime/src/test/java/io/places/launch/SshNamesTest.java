package io.places.launch;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be given to the ssh program. */
class SshNamesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {"alpha", "node_7", "10.0.0.7", "a.b-c.example", "::1", "fe80::1:2", "2001:db8::7"})
  void namesAddressesAndAliasesOfHostsAreTaken(String host) {
    assertThatCode(() -> Launch.ssh(host).user("ada").port(2222)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-oProxyCommand=touch /x",
        "-V",
        "a b",
        "a;id",
        "$(id)",
        "`id`",
        "a\nb",
        "a\u0000",
        "alpha:22",
        "[::1]",
        "fe80::1%eth0",
        "a%hb",
        "a|b",
        "a'b",
        "ümlaut",
        "../x",
        "ssh://alpha",
        "a\u2028b"
      })
  void anythingElseIsRefusedAsAHost(String host) {
    assertThatThrownBy(() -> Launch.ssh(host))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no host: letters, digits")
        .hasMessageMatching("[\\x20-\\x7E]*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "-l", "a b", "a;b", "$USER", "root\n", "a/b", "-oProxyCommand=x"})
  void oddUsersAreRefused(String user) {
    assertThatThrownBy(() -> Launch.ssh(user + "@alpha"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no user name");
    assertThatThrownBy(() -> Launch.ssh("alpha").user(user))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aDestinationHasOneUserAtMost() {
    assertThatThrownBy(() -> Launch.ssh("a@b@c")).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 65_536})
  void portsOutOfBoundsAreRefused(int port) {
    assertThatThrownBy(() -> Launch.ssh("alpha").port(port))
        .hasMessage("an ssh port is 1 to 65535, not " + port);
  }

  @Test
  void whatIsNotOneLineOrNoOptionNeverReachesTheOtherMachine() {
    assertThatThrownBy(() -> Launch.ssh("alpha").jvmOption("-Dx=1\n-Dy=2"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Launch.ssh("alpha").jvmOption("Main"))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Launch.ssh("alpha").java("jdk-25"))
        .hasMessage("the JDK's folder on alpha must be an absolute path, not 'jdk-25'");
  }
}
