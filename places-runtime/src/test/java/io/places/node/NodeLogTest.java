package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.launch.Launch;
import io.places.place.Place;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What places say to whoever watches over the program. */
class NodeLogTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final Node root = Node.start();
  private final BlockingQueue<LogEntry> said = new LinkedBlockingQueue<>();

  @BeforeEach
  void listen() {
    root.onLog(said::add);
  }

  @AfterEach
  void close() {
    root.close();
  }

  @Test
  void whatAPlaceSaysTwoNodesAwayReachesTheRoot() throws Exception {
    RemoteNode middle = root.launch("middle", Node.inThisJvm());
    Place<String, String> place = middle.place(Bodies::launchesOneThatLogs);
    assertThat(place.get(SOON)).isEqualTo("said");
    LogEntry entry = said.poll(20, TimeUnit.SECONDS);
    assertThat(entry).isNotNull();
    assertThat(entry.level()).isEqualTo(System.Logger.Level.WARNING);
    assertThat(entry.node()).isEqualTo("node-1"); // the middle's first
    assertThat(entry.place()).isEqualTo("Bodies-1");
    assertThat(entry.text()).isEqualTo("far\\u000aaway\\u001b[31m");
    assertThat(entry.lost()).isZero();
    place.close();
  }

  /** Scenario: a body that talks to the log a lot still answers right, and in time. */
  @ParameterizedTest(name = "in a process: {0}")
  @ValueSource(booleans = {false, true})
  void aFloodOfEntriesIsBoundedCountedAndNeverInTheWayOfReplies(boolean process) throws Exception {
    RemoteNode node = root.launch(process ? Launch.process() : Node.inThisJvm());
    Place<Integer, Integer> chatty = node.place(Bodies::logsAndDoubles);
    for (int i = 0; i < 200; i++) {
      assertThat(chatty.ask(i, SOON)).isEqualTo(2 * i);
    }
    chatty.put(-1);
    assertThat(chatty.join(SOON)).isZero();
    long count = 0;
    long lost = 0;
    while (count + lost < 200 * 100 + 1) {
      LogEntry entry = said.poll(20, TimeUnit.SECONDS);
      assertThat(entry).as("after %d entries, %d lost", count, lost).isNotNull();
      count++;
      lost += entry.lost();
    }
    assertThat(count + lost).isEqualTo(200 * 100 + 1);
    assertThat(lost).isPositive();
  }

  @Test
  void aReceiverThatFailsGetsTheNextEntryAllTheSame() throws Exception {
    root.onLog(
        entry -> {
          said.add(entry);
          throw new AssertionError("as a test's receiver may");
        });
    for (String text : new String[] {"first", "second"}) {
      root.log(System.Logger.Level.INFO, text);
      LogEntry entry = said.poll(20, TimeUnit.SECONDS);
      assertThat(entry).as(text).isNotNull();
      assertThat(entry.text()).isEqualTo(text);
    }
  }

  @Test
  void theRootItselfMaySaySomething() throws Exception {
    root.log(System.Logger.Level.INFO, "ready");
    LogEntry entry = said.poll(20, TimeUnit.SECONDS);
    assertThat(entry).isNotNull();
    assertThat(entry.node() + entry.place() + entry.text()).isEqualTo("mainready");
  }
}
