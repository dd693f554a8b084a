package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.node.Node;
import io.places.place.PlaceLocation;
import io.places.place.PlaceStreams;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of what the calls of a job have cost. */
class StatsTest {
  static final class Late implements RmpiProgram {
    @Override
    public void run(Comm comm, String[] arguments) throws InterruptedException {
      for (int turn = 0; turn < 3; turn++) {
        if (comm.rank() == 1) {
          Thread.sleep(Duration.ofMillis(100)); // what the others wait for
        }
        comm.allreduce(Slice.of(new double[100]), ArrayOp.SUM);
      }
      if (comm.rank() == 1) {
        Thread.sleep(Duration.ofMillis(100));
        comm.send(new int[1_000], 2, 0);
      } else if (comm.rank() == 2) {
        comm.recv(int[].class, 1, 0);
      }
    }
  }

  private static String printed(Ranks ranks, JobOptions options) {
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    try (Node node = Ranks.start()) {
      List<PlaceLocation> locations = ranks.locations(node, 3);
      Rmpi.launch(options, locations, Late.class);
    } finally {
      System.setErr(before);
    }
    return errors.toString(StandardCharsets.UTF_8);
  }

  /** The words of each line, by their first. */
  private static Map<String, List<String>> lines(String table) {
    Map<String, List<String>> lines = new TreeMap<>();
    table
        .lines()
        .map(line -> Arrays.asList(line.split(" +")))
        .forEach(words -> lines.put(words.get(0), words));
    return lines;
  }

  private static double number(Map<String, List<String>> lines, String call, int column) {
    return Double.parseDouble(lines.getOrDefault(call, List.of()).get(column));
  }

  @ParameterizedTest
  @EnumSource
  void theTableTellsCountsBytesTimesAndWhoWasLate(Ranks ranks) {
    Map<String, List<String>> lines = lines(printed(ranks, ranks.options().stats(true)));

    assertThat(lines.get("call"))
        .containsExactly("call", "count", "bytes", "time", "s", "waiting", "s", "latest");
    assertThat(lines.get("allreduce")).startsWith("allreduce", "9", "7200").endsWith("rank", "1");
    assertThat(lines.get("send")).startsWith("send", "1", "4000");
    assertThat(lines.get("recv")).startsWith("recv", "1", "4000").endsWith("rank", "1");
    assertThat(number(lines, "allreduce", 4)).isBetween(0.3, 30.0); // two ranks waited, twice at least
    assertThat(number(lines, "recv", 3)).isGreaterThanOrEqualTo(number(lines, "recv", 4));
  }

  @Test
  void withoutTheOptionNothingIsPrinted() {
    assertThat(printed(Ranks.ONE_NODE, JobOptions.standard())).isEmpty();
  }
}
