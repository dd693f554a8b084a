package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.channel.PlaceChannel;
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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of what the calls of a job have cost. */
class StatsTest {
  /** Rank 1 is late, again and again until it has been so by more than a busy machine delays the others. */
  static final class Late implements RmpiProgram {
    private static final long MARGIN = Duration.ofMillis(100).toNanos();
    private static final int MOST_TURNS = 100;

    @Override
    public void run(Comm comm, String[] arguments) throws InterruptedException {
      long[] waited = new long[2]; // in allreduce, in recv
      int turns = 0;
      do {
        comm.barrier();
        if (comm.rank() == 1) {
          Thread.sleep(Duration.ofMillis(100)); // what the others wait for
        }
        waited[0] += nanos(() -> comm.allreduce(Slice.of(new double[100]), ArrayOp.SUM));
        if (comm.rank() == 1) {
          Thread.sleep(Duration.ofMillis(50));
          comm.send(new int[1_000], 2, 0);
        } else if (comm.rank() == 2) {
          waited[1] += nanos(() -> comm.recv(int[].class, 1, 0));
        }
      } while (++turns < MOST_TURNS && !isClear(comm, waited));
      if (comm.rank() == 0 && arguments.length > 0) {
        System.err.println("turns " + turns);
      }
    }

    private static long nanos(Runnable call) {
      long start = System.nanoTime();
      call.run();
      return System.nanoTime() - start;
    }

    private static boolean isClear(Comm comm, long[] waited) {
      long[] all = new long[2 * comm.size()];
      comm.allgather(Slice.of(waited), Slice.of(all));
      return Math.min(all[0], all[4]) - all[2] > MARGIN && all[5] > MARGIN / 4;
    }
  }

  private static String printed(Ranks ranks, JobOptions options, String... arguments) {
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    PrintStream before = System.err;
    System.setErr(new PrintStream(errors, true, StandardCharsets.UTF_8));
    try (Node node = Ranks.start()) {
      List<PlaceLocation> locations = ranks.locations(node, 3);
      Rmpi.launch(options, locations, Late.class, arguments);
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
    Map<String, List<String>> lines = lines(printed(ranks, ranks.options().stats(true), "tell"));
    int turns = (int) number(lines, "turns", 1);

    assertThat(turns).isBetween(1, Late.MOST_TURNS - 1);
    assertThat(lines.get("call"))
        .containsExactly("call", "count", "bytes", "time", "s", "waiting", "s", "latest");
    assertThat(lines.get("allreduce"))
        .startsWith("allreduce", "" + 3 * turns, "" + 2_400 * turns)
        .endsWith("rank", "1");
    assertThat(lines.get("send")).startsWith("send", "" + turns, "" + 4_000 * turns);
    assertThat(lines.get("recv")).startsWith("recv", "" + turns, "" + 4_000 * turns).endsWith("rank", "1");
    assertThat(number(lines, "allreduce", 4)).isGreaterThan(0.1); // two ranks have waited for 0.1 s at least
    assertThat(number(lines, "recv", 3)).isGreaterThanOrEqualTo(number(lines, "recv", 4));
  }

  static final class Large implements RmpiFunction<byte[]> {
    @Override
    public byte[] call(Comm comm, String[] arguments) {
      return new byte[PlaceChannel.CREDIT_BYTES + 1];
    }
  }

  @Test
  @Timeout(value = 20, unit = TimeUnit.SECONDS) // a put without credit gives up after 30 s
  void aResultThatUsesUpAllCreditDoesNotKeepTheTableBack() {
    PrintStream before = System.err;
    System.setErr(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
    try (Node node = Ranks.start()) {
      List<PlaceLocation> locations = Ranks.NODES_MEMORY.locations(node, 2);
      assertThat(Rmpi.call(Ranks.NODES_MEMORY.options().stats(true), locations, Large.class, byte[].class))
          .hasSize(2);
    } finally {
      System.setErr(before);
    }
  }

  @Test
  void withoutTheOptionNothingIsPrinted() {
    assertThat(printed(Ranks.ONE_NODE, JobOptions.standard())).isEmpty();
  }
}
