package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.PlaceFailedException;
import io.places.PlacesException;
import io.places.place.Place;
import java.io.BufferedReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** A node in a process whose user may have few threads, as by {@code ulimit -u} or the pids of a cgroup. */
@EnabledOnOs(OS.LINUX) // which has setpriv and prlimit
class FewProcessesTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** More than the process can have; a JVM with a node in it has about 30 of its own. */
  private static final int MANY = 400;

  /**
   * The limit holds for all that a user runs, whose other threads come and go meanwhile, and not for root, who becomes
   * somebody with nothing else to run.
   */
  private static final String LIMITED =
      """
      if [ "$(id -u)" = 0 ]; then
        exec setpriv --reuid 64999 --regid 64999 --clear-groups \
          --inh-caps=+dac_read_search --ambient-caps=+dac_read_search prlimit --nproc=80 "$@"
      fi
      exec prlimit --nproc=$(($(ps -L -u "$(id -u)" --no-headers | wc -l) + 200)) "$@"
      """;

  @TempDir private Path folder;

  @Test
  void aNodeWithoutThreadsForNewPlacesSaysSoServesThoseItHasAndTakesNewOnesAfterwards()
      throws Exception {
    Path secret = folder.resolve("secret");
    SecretFile.makeIfMissing(secret);
    NodeOptions options = NodeOptions.standard().secretFile(secret).allow("io.places.node");
    Path log = folder.resolve("log");
    Process process = FewDescriptorsTest.start(LIMITED, secret, log);
    try (BufferedReader out = process.inputReader();
        Node peer = Node.start(options.name("peer"))) {
      String port = out.readLine();
      assertThat(port).as(() -> FewDescriptorsTest.read(log)).isNotNull();
      RemoteNode limited =
          peer.connect(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port)));
      List<Place<String, String>> places = new ArrayList<>();
      PlacesException refusal = startUntilRefused(limited, places);
      assertThat(places).isNotEmpty();
      assertThat(refusal instanceof PlaceFailedException ? refusal : refusal.getCause())
          .isInstanceOf(PlaceFailedException.class)
          .hasMessageContainingAll("on node limited", "no thread", "ulimit -u");

      for (Place<String, String> each : places) {
        assertThat(each.ask("still", SOON)).isEqualTo("still");
      }
      places.removeLast().kill();
      places.removeLast().kill();
      Place<String, String> afterwards = limited.place(Bodies::echo);
      assertThat(afterwards.ask("afterwards", SOON)).isEqualTo("afterwards");
    } finally {
      process.getOutputStream().close();
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
  }

  private static PlacesException startUntilRefused(
      RemoteNode node, List<Place<String, String>> places) {
    for (int i = 0; i < MANY; i++) {
      Place<String, String> place = node.place(Bodies::echo);
      try {
        assertThat(place.ask("first", SOON)).isEqualTo("first");
        places.add(place);
      } catch (PlacesException e) {
        return e;
      }
    }
    throw new AssertionError("all of " + MANY + " places have got their thread");
  }
}
