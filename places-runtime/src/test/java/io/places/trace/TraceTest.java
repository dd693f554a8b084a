package io.places.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.channel.PlaceChannel;
import io.places.launch.Launch;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.node.RemoteNode;
import io.places.place.Place;
import io.places.supervise.Restart;
import io.places.supervise.Supervisor;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.MDC;

/** What can be seen from outside of what the runtime does. */
class TraceTest {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final List<String> EVENTS =
      List.of(
          "io.places.PlaceStart",
          "io.places.PlaceEnd",
          "io.places.MessagePut",
          "io.places.MessageGet",
          "io.places.ConnectionUp",
          "io.places.ConnectionDown");

  static void echo(PlaceChannel<String, String> parent) {
    parent.put(parent.get());
  }

  static void tellContext(PlaceChannel<String, String> parent) {
    parent.put(MDC.get("node") + " " + MDC.get("place"));
  }

  @Test
  void aRecordingShowsPlacesMessagesAndConnections(@TempDir Path folder) throws IOException {
    List<RecordedEvent> events;
    try (var recording = new Recording()) {
      EVENTS.forEach(recording::enable);
      recording.start();
      talk();
      events = eventsOf(recording, folder);
    }

    assertThat(events)
        .filteredOn(event -> is(event, "PlaceStart"))
        .singleElement()
        .satisfies(
            event -> assertThat(event.getString("body")).endsWith("TraceTest::echo"),
            event -> assertThat(event.getString("place")).startsWith("TraceTest-"));
    assertThat(events)
        .filteredOn(event -> is(event, "PlaceEnd"))
        .singleElement()
        .satisfies(
            event -> assertThat(event.getString("reason")).isEqualTo("EXIT"),
            event -> assertThat(event.getInt("exitCode")).isZero());
    assertThat(events)
        .filteredOn(event -> is(event, "MessagePut") && event.getInt("size") > 1_000)
        .singleElement()
        .satisfies(event -> assertThat(event.getString("peer")).contains("node-1"));
    assertThat(events).filteredOn(event -> is(event, "MessageGet")).hasSizeGreaterThanOrEqualTo(2);
    assertThat(events)
        .filteredOn(event -> is(event, "ConnectionUp"))
        .singleElement()
        .satisfies(event -> assertThat(event.getBoolean("opened")).isTrue());
    assertThat(events)
        .filteredOn(event -> is(event, "ConnectionDown"))
        .singleElement()
        .satisfies(event -> assertThat(event.getString("reason")).contains("closed"));
  }

  @Test
  void aRecordingThatDoesNotAskForThemHasNone(@TempDir Path folder) throws IOException {
    try (var recording = new Recording()) {
      recording.start();
      talk();
      assertThat(eventsOf(recording, folder)).isEmpty();
    }
  }

  /** A place here, and one on another node. */
  private static void talk() {
    try (Node node = Node.start()) {
      Place<String, String> local = node.place(TraceTest::echo);
      local.put("x");
      assertThat(local.get()).isEqualTo("x");
      local.join();

      RemoteNode other = node.launch(Launch.process());
      Place<String, String> remote = other.place(TraceTest::echo);
      remote.put("y".repeat(2_000));
      assertThat(remote.get()).hasSize(2_000);
      remote.join();
    }
  }

  private static List<RecordedEvent> eventsOf(Recording recording, Path folder)
      throws IOException {
    Path file = folder.resolve("recording.jfr");
    recording.stop();
    recording.dump(file);
    List<RecordedEvent> events = new ArrayList<>();
    try (var reader = new RecordingFile(file)) {
      while (reader.hasMoreEvents()) {
        RecordedEvent event = reader.readEvent();
        if (EVENTS.contains(event.getEventType().getName())) {
          events.add(event);
        }
      }
    }
    return events;
  }

  private static boolean is(RecordedEvent event, String name) {
    return Objects.equals(event.getEventType().getName(), "io.places." + name);
  }

  /** Two nodes of this JVM have something to say: of a stranger, and of a place that they keep alive. */
  static void sayOfNodes(PlaceChannel<String, String> parent) throws Exception {
    MDC.clear(); // as in a thread of no place
    NodeOptions options = NodeOptions.standard().allow("io.places.trace");
    try (Node left = Node.start(options.name("left"));
        Node right = Node.start(options.name("right"))) {
      for (Node node : List.of(left, right)) {
        try (var stranger = new Socket(node.address().getAddress(), node.address().getPort())) {
          stranger.getOutputStream().write(new byte[100]); // no preface, though as long as one
          parent.put(nextLine("does not speak the protocol"));
        }
        try (Supervisor supervisor = Supervisor.at(node)) {
          supervisor.supervise(
              "tired", TraceTest::fails, Restart.whenFailed().atMost(1).backoff(Duration.ofMillis(1)));
          parent.put(nextLine("is started anew"));
        }
      }
    }
  }

  static void fails(PlaceChannel<Void, Void> parent) {
    throw new IllegalStateException("too tired");
  }

  private static String nextLine(String with) throws InterruptedException {
    String line = ContextKeeping.LINES.poll(20, TimeUnit.SECONDS);
    while (line != null && !line.contains(with)) {
      line = ContextKeeping.LINES.poll(20, TimeUnit.SECONDS);
    }
    return String.valueOf(line);
  }

  @Test
  void whatIsLoggedCarriesTheNodeAndWhatAPlaceLogsItsName() {
    try (Node node = Node.start()) {
      RemoteNode other =
          node.launch(
              Launch.process().jvmOption("-Dslf4j.provider=" + ContextKeeping.class.getName()));
      Place<String, String> place = other.place(TraceTest::tellContext);
      assertThat(place.get()).isEqualTo("node-1 " + place.name());

      Place<String, String> nodes = other.place(TraceTest::sayOfNodes);
      for (String name : List.of("left", "right")) {
        assertThat(nodes.get(SOON))
            .startsWith(name + " null: a connection from /127.0.0.1:")
            .contains("does not speak the protocol");
        assertThat(nodes.get(SOON))
            .startsWith(name + " null: ")
            .contains("place 'tired' on node %s is started anew after ".formatted(name));
      }
    }
  }
}
