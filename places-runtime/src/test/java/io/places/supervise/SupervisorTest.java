package io.places.supervise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.ChannelClosedException;
import io.places.LaunchException;
import io.places.NodeLostException;
import io.places.PlaceAlreadyExistsException;
import io.places.PlaceFailedException;
import io.places.PlaceRestartedException;
import io.places.PutTimeoutException;
import io.places.channel.PlaceChannel;
import io.places.launch.Launch;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.node.RemoteNode;
import io.places.place.NamedChannel;
import io.places.place.Place;
import io.places.place.PlaceBody;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Places, nodes and programs that are kept alive. */
class SupervisorTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final Duration MOMENT = Duration.ofMillis(5);

  @TempDir private Path folder;

  private Node node;
  private Supervisor supervisor;
  private final CompletableFuture<GaveUp> gaveUp = new CompletableFuture<>();

  @BeforeEach
  void start() {
    node = Node.start();
    supervisor = Supervisor.at(node);
  }

  @AfterEach
  void close() {
    supervisor.close();
    node.close();
  }

  private Restart quickly(Restart restart) {
    return restart.backoff(MOMENT).onGiveUp(gaveUp::complete);
  }

  @Test
  void aPlaceThatFailsIsStartedAnewAndItsClientsLearnThatItsStateIsLost() {
    SupervisedPlace<String, Integer> counter =
        supervisor.supervise("counter", KeptBodies::counter, quickly(Restart.whenFailed()));
    PlaceChannel<String, Integer> channel = counter.channel();
    PlaceChannel<String, Integer> other = counter.channel();
    assertThat(channel.ask("one", SOON)).isEqualTo(1);
    assertThat(other.ask("two", SOON)).isEqualTo(2);
    assertThat(counter.epoch()).isEqualTo(1);

    assertThatThrownBy(() -> channel.ask("fail", SOON)) // under way when it ends
        .isInstanceOf(ChannelClosedException.class)
        .hasCauseInstanceOf(PlaceFailedException.class);
    for (PlaceChannel<String, Integer> each : List.of(channel, other)) {
      assertThatThrownBy(() -> each.ask("too early", SOON))
          .isInstanceOfSatisfying(
              PlaceRestartedException.class, told -> assertThat(told.epoch()).isEqualTo(2))
          .hasMessageStartingWith(
              "place 'counter' on node main was started anew and is in epoch 2; epoch 1 was the last seen here: what it knew is lost");
    }
    assertThat(channel.ask("one", SOON)).isEqualTo(1);
    assertThat(other.ask("two", SOON)).isEqualTo(2);
    assertThat(counter.epoch()).isEqualTo(2);
  }

  @Test
  void questionsAskedWithoutWaitingFollowThePlaceToItsNextLife() throws Exception {
    SupervisedPlace<String, Integer> counter =
        supervisor.supervise("counter", KeptBodies::counter, quickly(Restart.whenFailed()));
    PlaceChannel<String, Integer> channel = counter.channel();
    assertThat(channel.askAsync("one", SOON).get(20, TimeUnit.SECONDS)).isEqualTo(1);
    Place<String, Integer> life = counter.place(); // before the next one may be there
    assertThatThrownBy(() -> channel.askAsync("fail", SOON).get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ChannelClosedException.class);
    life.join(SOON);
    assertThatThrownBy(() -> askUntilTold(channel)).isInstanceOf(PlaceRestartedException.class);
    assertThat(channel.pose("one", SOON).answer(SOON)).isEqualTo(1);
    assertThat(channel.askAsync("two", SOON).get(20, TimeUnit.SECONDS)).isEqualTo(2);
  }

  /** The end of a life may be known here a moment later than its channel's. */
  private static void askUntilTold(PlaceChannel<String, Integer> channel) {
    long start = System.nanoTime();
    while (System.nanoTime() - start < SOON.toNanos()) {
      try {
        channel.pose("too early", SOON);
      } catch (ChannelClosedException e) {
        // nothing was sent
      }
    }
  }

  @Test
  void aPlaceThatEndsTooOftenIsGivenUpWithWhatWasTriedAndTheLastCause() throws Exception {
    Restart restart = quickly(Restart.always()).atMost(3).within(Duration.ofSeconds(30));
    SupervisedPlace<Void, String> place =
        supervisor.supervise("printer", KeptBodies::diesAtOnce, restart);
    PlaceChannel<Void, String> channel = place.channel();
    KeptBodies.MAY_DIE.countDown(); // what the channel has seen is the first life

    assertThatThrownBy(place::join)
        .isInstanceOf(GaveUpException.class)
        .hasCauseInstanceOf(PlaceFailedException.class)
        .hasMessage(
            "gave up on place 'printer' on node main: it ended although it was started anew 3 times (at most 3 within 30 s, after waits of 5 ms to 10 s); at last: place printer on node main failed: java.lang.IllegalStateException: no more paper");
    GaveUp why = gaveUp.get(20, TimeUnit.SECONDS);
    assertThat(why.restarts()).isEqualTo(3);
    assertThat(why.tried()).isEqualTo(restart);
    assertThat(why.endings()).hasSize(4).allMatch(Ending::failed);
    assertThat(place.epoch()).isEqualTo(4);
    assertThatThrownBy(() -> channel.get(SOON)).isInstanceOf(PlaceRestartedException.class);
    assertThat(channel.get(SOON)).isEqualTo("last word"); // of the last life
    assertThatThrownBy(() -> channel.get(SOON)).isInstanceOf(GaveUpException.class);
    assertThat(channel.toString()).isEqualTo("channel to place 'printer' on node main");
  }

  @Test
  void aPlaceIsNotStartedAnewWhenItsPolicyDoesNotSaySo() {
    SupervisedPlace<String, Integer> done =
        supervisor.supervise("done", KeptBodies::counter, quickly(Restart.whenFailed()));
    done.channel().put("exit");
    assertThat(done.join()).isZero();
    assertThat(done.epoch()).isEqualTo(1);

    SupervisedPlace<String, Integer> never =
        supervisor.supervise("never", KeptBodies::counter, quickly(Restart.never()));
    PlaceChannel<String, Integer> channel = never.channel();
    channel.put("exit 7");
    assertThat(never.join()).isEqualTo(7);
    assertThatThrownBy(() -> channel.get(SOON))
        .isInstanceOf(ChannelClosedException.class)
        .hasMessage(
            "place 'never' on node main has ended with exit code 7; it is not started anew");
    assertThat(gaveUp).isNotDone();
  }

  @Test
  void aCallBetweenTwoLivesWaitsForTheNextUpToItsLimit() throws Exception {
    Restart slowly = Restart.always().backoff(Duration.ofHours(1), Duration.ofHours(1));
    SupervisedPlace<String, Integer> counter =
        supervisor.supervise("counter", KeptBodies::counter, slowly);
    PlaceChannel<String, Integer> channel = counter.channel();
    assertThatThrownBy(() -> channel.ask("fail", SOON)).isInstanceOf(ChannelClosedException.class);
    assertThat(counter.isUp()).isFalse();
    assertThatThrownBy(() -> channel.put("more", MOMENT))
        .isInstanceOf(PutTimeoutException.class)
        .hasMessage(
            "place 'counter' on node main is down and was not started anew within 5 ms; nothing was sent");
    assertThat(channel.offer("more")).isFalse();
    var waiting = CompletableFuture.supplyAsync(channel::get);
    supervisor.close();
    assertThatThrownBy(() -> waiting.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(ChannelClosedException.class)
        .hasMessageContaining("is not kept alive any more: its supervisor was closed");
  }

  @Test
  void whatCannotBeStartedAtAllFailsAtOnce() {
    String word = "captured";
    PlaceBody<String, Void> lambda = channel -> channel.put(word);
    assertThatThrownBy(() -> supervisor.supervise("lambda", lambda, Restart.always()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("captures the variable 'word'");
    supervisor.supervise("shared", KeptBodies::silentClients, Restart.always());
    assertThatThrownBy(
            () -> supervisor.supervise("shared", KeptBodies::silentClients, Restart.always()))
        .isInstanceOf(PlaceAlreadyExistsException.class);
  }

  @Test
  void aSupervisorInsideAPlaceEndsWithIt() {
    Place<String, String> parent = node.place(KeptBodies::parent);
    assertThat(parent.get(SOON)).isEqualTo("child");
    parent.kill();
    assertThat(node.names()).isEmpty();
    SupervisedPlace<Void, Void> child =
        supervisor.supervise("child", KeptBodies::waits, Restart.always());
    assertThat(child.isUp()).isTrue();
  }

  /** A node that dies takes its places with it; both come back, under their old names. */
  @Test
  void aNodeThatDiesIsLaunchedAnewAndItsPlacesWithIt() throws Exception {
    try (SupervisedNode worker =
        Supervisor.superviseNode(
            node,
            "worker",
            Launch.process(),
            quickly(Restart.always()).atMost(2).within(Duration.ofHours(1)))) { // JVMs start meanwhile
      try (Supervisor there = Supervisor.at(worker)) {
        there.supervise("shared", KeptBodies::sharedCounter, quickly(Restart.always()));
        RemoteNode first = worker.node(SOON);
        NamedChannel<String, Integer> before =
            first.find("shared", String.class, Integer.class, Duration.ZERO);
        assertThat(before.channel().ask("one", SOON)).isEqualTo(1);
        assertThat(before.epoch()).isEqualTo(1);
        assertThat(ProcessHandle.of(first.processId()).orElseThrow().destroyForcibly()).isTrue();
        assertThatThrownBy(() -> before.channel().get(SOON))
            .isInstanceOf(NodeLostException.class);

        RemoteNode second = worker.node(SOON);
        assertThat(second.name()).isEqualTo("worker");
        NamedChannel<String, Integer> after =
            second.find("shared", String.class, Integer.class, SOON);
        assertThat(after.epoch()).isEqualTo(2);
        assertThat(after.channel().ask("one", SOON)).isEqualTo(1);
      }
      for (int life = 2; life <= 3; life++) {
        RemoteNode doomed = worker.node(SOON);
        assertThat(worker.epoch()).isEqualTo(life);
        doomed.kill();
        assertThat(doomed.awaitLoss()).isInstanceOf(NodeLostException.class);
      }
      assertThat(gaveUp.get(20, TimeUnit.SECONDS).message())
          .startsWith("gave up on node worker: it ended although it was started anew 2 times")
          .contains("was ended by signal 9");
      assertThatThrownBy(() -> worker.node(SOON)).isInstanceOf(GaveUpException.class);
    }
  }

  @Test
  void aNodeIsNotLaunchedAnewWhenItsPolicyDoesNotSaySoAndIsWhenItFailed() {
    try (SupervisedNode once =
            Supervisor.superviseNode(node, "once", Node.inThisJvm(), quickly(Restart.never()));
        SupervisedNode twice =
            Supervisor.superviseNode(
                node, "twice", Node.inThisJvm(), quickly(Restart.whenFailed()).atMost(1))) {
      once.node().kill();
      assertThatThrownBy(() -> nodeAfter(once, 1))
          .isInstanceOf(ChannelClosedException.class)
          .hasMessageContaining("node once ")
          .hasMessageEndingWith("; it is not started anew");
      assertThat(once.isUp()).isFalse();

      RemoteNode first = twice.node();
      first.kill();
      RemoteNode second = nodeAfter(twice, 1);
      assertThat(second).isNotSameAs(first);
      assertThat(second.isAlive()).isTrue();
      second.kill();
      assertThatThrownBy(() -> nodeAfter(twice, 2)).isInstanceOf(GaveUpException.class);
      assertThat(gaveUp.join().restarts()).isEqualTo(1);
    }
  }

  /** That it was lost may be known here a moment before its supervisor knows it. */
  private static RemoteNode nodeAfter(SupervisedNode supervised, long epoch) {
    RemoteNode now = supervised.node(SOON);
    while (supervised.epoch() == epoch) {
      now = supervised.node(SOON);
    }
    return now;
  }

  @Test
  void aProgramRunsOnANodeThatAllowsItAndItsOutputAndExitCodeComeBack() throws Exception {
    Node strict = Node.start(NodeOptions.standard().allow("io.places.node"));
    try (strict;
        Supervisor refusing = Supervisor.at(strict)) {
      assertThatThrownBy(
              () -> refusing.superviseProgram("lister", Command.of("ls"), Restart.never()))
        .isInstanceOf(LaunchException.class)
        .hasMessageContaining("is not in a package that this node may start")
        .hasMessageEndingWith("NodeOptions.allow(\"io.places.supervise\") adds it");
    }

    NodeOptions options = NodeOptions.standard().allow(Supervisor.PROGRAMS);
    var out = new ByteArrayOutputStream();
    PrintStream own = System.out;
    System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
    try (Node allowing = Node.start(options);
        Supervisor there = Supervisor.at(allowing.launch(Node.inThisJvm()))) {
      SupervisedProgram done =
          there.superviseProgram(
              "greeter",
              Command.of("sh", "-c", "echo \"$WORD in $(pwd)\"; exit 0")
                  .environment("WORD", "grüße")
                  .folder("/"),
              Restart.whenFailed());
      assertThat(done.join()).isZero();
      SupervisedProgram fails =
          there.superviseProgram(
              "failing",
              Command.of("sh", "-c", "exit 3"),
              quickly(Restart.whenFailed()).atMost(1));
      assertThatThrownBy(fails::join)
          .isInstanceOf(GaveUpException.class)
          .hasMessageEndingWith("program 'failing' on node node-1 has ended with exit code 3");
      assertThat(gaveUp.get(20, TimeUnit.SECONDS).restarts()).isEqualTo(1);
      assertThat(fails.epoch()).isEqualTo(2);
    } finally {
      System.setOut(own);
    }
    assertThat(out.toString(StandardCharsets.UTF_8).lines())
        .contains("node-1/greeter | grüße in /");
  }

  @Test
  void aProgramThatDoesNotExistFailsAndOneThatRunsEndsWithItsSupervisor() {
    NodeOptions options = NodeOptions.standard().allow(Supervisor.PROGRAMS);
    try (Node allowing = Node.start(options);
        Supervisor there = Supervisor.at(allowing)) {
      SupervisedProgram missing =
          there.superviseProgram("missing", Command.of("/no/such/program"), Restart.never());
      assertThat(missing.join()).isEqualTo(1);
      SupervisedProgram sleeps =
          there.superviseProgram("sleeper", Command.of("sleep", "1000"), Restart.always());
      ProcessHandle process = ProcessHandle.of(sleeps.processId(SOON)).orElseThrow();
      assertThat(process.isAlive()).isTrue();
      sleeps.close();
      assertThat(process.isAlive()).isFalse();
    }
  }

  @Test
  void onANodeOfItsOwnProcessAProgramsExitCodeComesBackAndWhyOneCannotBeStarted() throws Exception {
    try (Node allowing = Node.start(NodeOptions.standard().allow(Supervisor.PROGRAMS));
        Supervisor there = Supervisor.at(allowing.launch(Launch.process()))) {
      Path lives = folder.resolve("lives");
      SupervisedProgram third =
          there.superviseProgram(
              "third",
              Command.of("sh", "-c", "echo x >> '" + lives + "'; test $(wc -l < '" + lives + "') -ge 3"),
              Restart.whenFailed().backoff(MOMENT).atMost(5));
      assertThat(third.join()).isZero();
      assertThat(third.epoch()).isEqualTo(3);
      SupervisedProgram never =
          there.superviseProgram("never", Command.of("sh", "-c", "exit 7"), Restart.never());
      assertThat(never.join()).isEqualTo(7);
      SupervisedProgram missing =
          there.superviseProgram(
              "missing", Command.of("/no/such/program"), quickly(Restart.whenFailed()).atMost(2));
      assertThatThrownBy(missing::join)
          .isInstanceOf(GaveUpException.class)
          .hasMessageStartingWith(
              "gave up on program 'missing' on node node-1: it ended although it was started anew 2 times")
          .hasMessageContaining("the program '/no/such/program' cannot be started: ")
          .hasMessageContaining("No such file or directory");
      assertThat(gaveUp.get(20, TimeUnit.SECONDS).last().cause())
          .isInstanceOfSatisfying(
              PlaceFailedException.class,
              cause -> assertThat(cause.exceptionClass()).isEqualTo(LaunchException.class.getName()));
      SupervisedProgram again =
          there.superviseProgram(
              "again", Command.of("true"), Restart.always().backoff(MOMENT).atMost(2));
      assertThatThrownBy(again::join)
          .isInstanceOf(GaveUpException.class)
          .hasMessageEndingWith("program 'again' on node node-1 has ended with exit code 0");
      assertThat(again.epoch()).isEqualTo(3);

      SupervisedPlace<String, Integer> counter =
          there.supervise(
              "counter", KeptBodies::counter, Restart.whenFailed().backoff(MOMENT).atMost(1));
      PlaceChannel<String, Integer> channel = counter.channel();
      assertThat(channel.ask("one", SOON)).isEqualTo(1);
      assertThat(channel.ask("two", SOON)).isEqualTo(2);
      assertThatThrownBy(() -> channel.ask("fail", SOON))
          .isInstanceOf(ChannelClosedException.class)
          .hasCauseInstanceOf(PlaceFailedException.class);
      assertThatThrownBy(() -> askUntilTold(channel))
          .isInstanceOfSatisfying(
              PlaceRestartedException.class, told -> assertThat(told.epoch()).isEqualTo(2));
      assertThat(channel.ask("one", SOON)).isEqualTo(1);
      channel.put("fail");
      assertThatThrownBy(counter::join)
          .isInstanceOf(GaveUpException.class)
          .hasCauseInstanceOf(PlaceFailedException.class)
          .hasMessageStartingWith(
              "gave up on place 'counter' on node node-1: it ended although it was started anew 1 time")
          .hasMessageEndingWith("failed: java.lang.IllegalStateException: the counter is stuck");
      assertThatThrownBy(() -> missing.processId(SOON))
          .isInstanceOf(ChannelClosedException.class)
          .cause()
          .hasMessageContaining("'/no/such/program' cannot be started");
    }
  }

  @Test
  void whatIsOverIsNotKeptAnyMoreAndNothingIsByOneThatIsClosed() {
    supervisor.supervise("stays", KeptBodies::counter, Restart.always());
    supervisor.supervise("closed", KeptBodies::counter, Restart.always()).close();
    SupervisedPlace<String, Integer> done =
        supervisor.supervise("done", KeptBodies::counter, Restart.whenFailed());
    done.channel().put("exit");
    SupervisedPlace<String, Integer> givenUp =
        supervisor.supervise("given-up", KeptBodies::counter, quickly(Restart.whenFailed()).atMost(0));
    givenUp.channel().put("fail");
    assertThat(done.join()).isZero();
    assertThatThrownBy(givenUp::join).isInstanceOf(GaveUpException.class);
    long start = System.nanoTime();
    while (supervisor.count() > 1) {
      assertThat(System.nanoTime() - start).isLessThan(SOON.toNanos());
      Thread.onSpinWait();
    }
    supervisor.close();
    assertThat(supervisor.count()).isZero();
    assertThatThrownBy(() -> supervisor.supervise("late", KeptBodies::counter, Restart.always()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the supervisor on node main is closed");
    assertThat(node.status().places().rows()).isEmpty();
  }

  @Test
  void nothingIsSaidOfANewLifeWhenSupervisionIsClosed() throws Exception {
    var err = new ByteArrayOutputStream();
    PrintStream own = System.err;
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      SupervisedPlace<String, Integer> counter =
          supervisor.supervise("counter", KeptBodies::counter, Restart.always());
      assertThat(counter.channel().ask("one", SOON)).isEqualTo(1);
      counter.close();
      assertThat(counter.join()).isEqualTo(1);
      assertThat(new CountDownLatch(1).await(100, TimeUnit.MILLISECONDS)).isFalse(); // nobody tells
    } finally {
      System.setErr(own);
    }
    assertThat(err.toString(StandardCharsets.UTF_8)).doesNotContain("started anew");
  }

  @Test
  void aProgramHasEndedAlthoughAChildThatItLeavesBehindHoldsItsOutput() throws Exception {
    Path child = folder.resolve("left");
    try (Node allowing = Node.start(NodeOptions.standard().allow(Supervisor.PROGRAMS));
        Supervisor there = Supervisor.at(allowing)) {
      SupervisedProgram leaves =
          there.superviseProgram(
              "leaver",
              Command.of("sh", "-c", "sleep 1000 & echo $! > '" + child + "'; exit 3"),
              quickly(Restart.whenFailed()).atMost(0));
      assertThat(gaveUp.get(20, TimeUnit.SECONDS).message()).contains("exit code 3");
      leaves.close();
    } finally {
      processIn(child).destroyForcibly();
    }
  }

  @Test
  void aProgramThatIsClosedEndsWithItsChildren() throws Exception {
    Path child = folder.resolve("child");
    try (Node allowing = Node.start(NodeOptions.standard().allow(Supervisor.PROGRAMS));
        Supervisor there = Supervisor.at(allowing)) {
      SupervisedProgram parent =
          there.superviseProgram(
              "parent",
              Command.of(
                  "sh", "-c", "sleep 1000 & echo $! > t && mv t '" + child + "'; wait")
                  .folder(folder.toString()),
              Restart.always());
      while (!Files.exists(child)) {
        assertThat(parent.isUp()).isTrue();
        Thread.onSpinWait();
      }
      ProcessHandle process = processIn(child);
      assertThat(process.isAlive()).isTrue();
      parent.close();
      assertThat(process.isAlive()).isFalse();
    }
  }

  private static ProcessHandle processIn(Path file) throws IOException {
    return ProcessHandle.of(Long.parseLong(Files.readString(file).strip())).orElseThrow();
  }
}
