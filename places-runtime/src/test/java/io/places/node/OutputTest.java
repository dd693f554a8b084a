package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.channel.PlaceChannel;
import io.places.cluster.LocalCluster;
import io.places.place.Place;
import io.places.place.Spawn;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What places on several nodes print at the same time. */
class OutputTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int LINES = 500;

  /** Prints lines whole and in parts, and at last one without an end. */
  static void print(PlaceChannel<Void, Void> channel) {
    for (int i = 0; i < LINES; i++) {
      System.out.print("line ");
      System.out.flush();
      System.out.print(i);
      System.out.println(i % 2 == 0 ? " in parts" : "");
      System.err.println("error " + i);
    }
    System.out.print("the rest");
  }

  @ParameterizedTest(name = "in processes: {0}")
  @ValueSource(booleans = {true, false})
  void everyLineOfThreeNodesAppearsWholeWithItsPrefixAndNoneIsLost(boolean processes) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    List<String> prefixes = new ArrayList<>();
    PrintStream ownOut = System.out;
    PrintStream ownErr = System.err;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try (LocalCluster cluster = processes ? LocalCluster.processes(3) : LocalCluster.inJvm(3)) {
      List<Place<Void, Void>> places =
          IntStream.rangeClosed(1, 3).mapToObj(i -> start(cluster, i)).toList();
      for (Place<Void, Void> place : places) {
        assertThat(place.join(SOON)).isZero();
        prefixes.add(place.nodeName() + "/" + place.name() + " | ");
      }
    } finally {
      System.setOut(ownOut);
      System.setErr(ownErr);
    }
    assertThat(prefixes).doesNotHaveDuplicates();
    Stream<String> lines =
        IntStream.range(0, LINES).mapToObj(i -> "line " + i + (i % 2 == 0 ? " in parts" : ""));
    List<String> printed = Stream.concat(lines, Stream.of("the rest")).toList();
    List<String> errors = IntStream.range(0, LINES).mapToObj(i -> "error " + i).toList();
    for (String prefix : prefixes) {
      assertThat(with(prefix, out)).isEqualTo(printed);
      assertThat(with(prefix, err)).isEqualTo(errors);
    }
    assertThat(out.toString(StandardCharsets.UTF_8).lines()).hasSize(3 * printed.size());
    assertThat(err.toString(StandardCharsets.UTF_8).lines()).hasSize(3 * errors.size());
  }

  static void waits(PlaceChannel<Void, String> channel) {
    channel.get();
  }

  @Test
  void aPlaceThatWaitsWhenItsNodeIsToldToEndPrintsNothing() {
    var err = new ByteArrayOutputStream();
    try (Node node = Node.start()) {
      Place<String, Void> place = node.place(Spawn.anonymous().err(err), OutputTest::waits);
      node.terminate(SOON);

      assertThat(place.join(SOON)).as("it has ended by an exception").isOne();
      assertThat(err.toString(StandardCharsets.UTF_8)).isEmpty();
    }
  }

  private static Place<Void, Void> start(LocalCluster cluster, int node) {
    return cluster.node(node).place(OutputTest::print);
  }

  private static List<String> with(String prefix, ByteArrayOutputStream printed) {
    return printed
        .toString(StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.startsWith(prefix))
        .map(line -> line.substring(prefix.length()))
        .toList();
  }
}
