package io.places.lives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.ChannelClosedException;
import io.places.GetTimeoutException;
import io.places.InterruptKind;
import io.places.PlaceFailedException;
import io.places.PlaceStillRunningException;
import io.places.channel.Task;
import io.places.event.Event;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.node.RemoteNode;
import io.places.place.EntryPoint;
import io.places.place.Isolation;
import io.places.place.Place;
import io.places.place.PlaceDeath;
import io.places.place.Spawn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The life of a place: the same in every isolation, but for what an isolation is for. */
class LivesTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private static Node node;

  @BeforeAll
  static void start() {
    node = Node.start();
  }

  @AfterAll
  static void close() {
    node.close();
  }

  @ParameterizedTest
  @EnumSource
  void whatIsPutComesBackAndIsNotTheSameArray(Isolation isolation) {
    Place<byte[], byte[]> echo = node.place(Spawn.isolated(isolation), LifeBodies::echoBytes);
    byte[] sent = {1, 2, 3};
    echo.put(sent);
    sent[0] = 99; // the receiver must not see this
    assertThat(echo.get(SOON)).containsExactly(1, 2, 3);
    echo.kill();
  }

  @ParameterizedTest
  @EnumSource
  void anExitCodeReachesEveryWaiterAnyNumberOfTimes(Isolation isolation) throws Exception {
    Place<Void, Void> place = node.place(Spawn.isolated(isolation), LifeBodies::exit, 99);
    List<CompletableFuture<Integer>> waiters = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      waiters.add(CompletableFuture.supplyAsync(() -> place.join(SOON), Thread::startVirtualThread));
    }
    for (CompletableFuture<Integer> waiter : waiters) {
      assertThat(waiter.get(20, TimeUnit.SECONDS)).isEqualTo(99);
    }
    assertThat(place.join()).isEqualTo(99);
    assertThat(Event.sync(place.deadEvent()))
        .isEqualTo(
            new PlaceDeath(
                place.toString(), PlaceDeath.Reason.EXIT, 99, Optional.empty()));
  }

  @ParameterizedTest
  @EnumSource
  void aFailureReachesTheCreatorAfterTheMessagesBeforeIt(Isolation isolation) {
    Place<Void, String> place =
        node.place(Spawn.isolated(isolation), LifeBodies::fail, "the kettle is empty");
    assertThat(place.join(SOON)).isEqualTo(1);
    assertThat(place.get(SOON)).isEqualTo("before");
    assertThatThrownBy(() -> place.get(SOON))
        .isInstanceOf(ChannelClosedException.class)
        .hasMessage("%s has ended with exit code 1".formatted(place))
        .hasCauseInstanceOf(PlaceFailedException.class)
        .cause()
        .hasMessage(
            "%s failed: java.lang.IllegalStateException: the kettle is empty".formatted(place));
    PlaceDeath death = Event.sync(place.deadEvent());
    assertThat(death.reason()).isEqualTo(PlaceDeath.Reason.EXCEPTION);
    assertThat(death.failure().orElseThrow().stack()).contains("LifeBodies.fail");
  }

  @ParameterizedTest
  @EnumSource
  void aBodyThatItsCreatorHasNoMoreWorkForEndsInOrder(Isolation isolation) {
    Place<String, String> echo = node.place(Spawn.isolated(isolation), LifeBodies::echo);
    echo.put("x");
    assertThat(echo.get(SOON)).isEqualTo("x");
    echo.close();
    assertThat(echo.join(SOON)).isZero();
    assertThat(echo.failure()).isEmpty();
    assertThat(Event.sync(echo.deadEvent()).reason()).isEqualTo(PlaceDeath.Reason.EXIT);
  }

  @Test
  void theCloseOfAnotherChannelIsAFailureOfTheBody() {
    Place<String, Void> place = node.place(LifeBodies::endsByAnotherChannel);
    assertThat(place.join(SOON)).isEqualTo(1);
    assertThat(place.failure().orElseThrow().exceptionClass())
        .isEqualTo(ChannelClosedException.class.getName());
  }

  @ParameterizedTest
  @EnumSource
  void aLoopOverThePlacesMessagesEndsWithAnOrderlyPlaceAndThrowsWithAnotherOne(
      Isolation isolation) {
    Spawn spawn = Spawn.isolated(isolation);
    Place<Void, Integer> orderly = node.place(spawn, LifeBodies::results, 3, 0);
    assertThat(orderly.messages()).containsExactly(0, 1, 2);

    Place<Void, Integer> other = node.place(spawn, LifeBodies::results, 1, 7);
    var messages = other.messages().iterator();
    assertThat(messages.next()).isZero();
    assertThatThrownBy(messages::hasNext)
        .isInstanceOf(ChannelClosedException.class)
        .hasMessage("%s has ended with exit code 7".formatted(other));
  }

  @Test
  void aSpawnGoesWithEachFormOfABody() {
    Spawn virtual = Spawn.isolated(Isolation.VIRTUAL);
    Place<Integer, Integer> adds = node.place(virtual, LifeBodies::adds, 10, 20);
    assertThat(adds.ask(3, SOON)).isEqualTo(33);
    Place<Integer, Integer> twice = node.place(virtual, LifeBodies.Twice.class);
    assertThat(twice.ask(3, SOON)).isEqualTo(6);
    adds.close();
    twice.close();
    assertThat(List.of(adds.join(SOON), twice.join(SOON))).containsOnly(0);
  }

  @Test
  void closingANodeEndsItsPlaces() {
    Place<Void, String> waits;
    Place<String, String> swarm;
    Place<Integer, String> spins;
    try (Node closing = Node.start()) {
      waits = closing.place(LifeBodies::waits);
      swarm = closing.place(Spawn.isolated(Isolation.VIRTUAL), LifeBodies::echo);
      spins = closing.place(LifeBodies::spins);
      assertThat(waits.get(SOON)).isEqualTo("waiting");
      assertThat(spins.get(SOON)).isEqualTo("spinning");
    }
    assertThat(Event.sync(waits.deadEvent()).reason()).isEqualTo(PlaceDeath.Reason.KILLED);
    assertThat(Event.sync(swarm.deadEvent()).reason()).isEqualTo(PlaceDeath.Reason.KILLED);
    assertThat(Event.poll(spins.deadEvent())).as("it ignores interrupts, but is fenced").isEmpty();
    assertThatThrownBy(() -> spins.put(1)).isInstanceOf(ChannelClosedException.class);
    LifeBodies.count = -1; // lets it end
    assertThat(spins.join(SOON)).isEqualTo(1);
    LifeBodies.count = 0;
  }

  @ParameterizedTest
  @EnumSource
  void staticFieldsAreSharedByThreadsOnly(Isolation isolation) {
    Place<Void, Integer> first = node.place(Spawn.isolated(isolation), LifeBodies::countUp);
    int one = first.get(SOON);
    Place<Void, Integer> second = node.place(Spawn.isolated(isolation), LifeBodies::countUp);
    int two = second.get(SOON);
    boolean shared = isolation == Isolation.THREAD || isolation == Isolation.VIRTUAL;
    assertThat(two).isEqualTo(shared ? one + 1 : 1);
  }

  @ParameterizedTest
  @EnumSource
  void placeLocalsAreEachPlacesOwn(Isolation isolation) {
    Place<String, String> first = node.place(Spawn.isolated(isolation), LifeBodies::notes);
    Place<String, String> second = node.place(Spawn.isolated(isolation), LifeBodies::notes);
    for (String letter : List.of("a", "b")) {
      first.put(letter);
      second.put(letter.toUpperCase(Locale.ROOT));
    }
    assertThat(first.get(SOON)).isEqualTo("ab");
    assertThat(second.get(SOON)).isEqualTo("AB");
  }

  @ParameterizedTest
  @EnumSource
  void aKilledPlaceIsOverWhenKillReturns(Isolation isolation) {
    Place<Void, String> place = node.place(Spawn.isolated(isolation), LifeBodies::waits);
    assertThat(place.get(SOON)).isEqualTo("waiting");
    place.kill(SOON);
    assertThat(place.join(Duration.ZERO)).isEqualTo(1);
    assertThat(Event.sync(place.deadEvent()).reason()).isEqualTo(PlaceDeath.Reason.KILLED);
    assertThatThrownBy(place::get)
        .isInstanceOf(ChannelClosedException.class)
        .hasMessage("%s was killed".formatted(place));
    place.kill();
    place.kill();
    assertThat(place.join()).isEqualTo(1);
  }

  @Test
  void killingCodeThatIgnoresInterruptsSaysThatItStillRuns() {
    Place<Integer, String> place = node.place(LifeBodies::spins);
    assertThat(place.get(SOON)).isEqualTo("spinning");
    try {
      assertThatThrownBy(() -> place.kill(Duration.ofMillis(50)))
          .isInstanceOf(PlaceStillRunningException.class)
          .hasMessageContaining("still runs PT0.05S after it was killed");
      assertThatThrownBy(() -> place.put(1)).isInstanceOf(ChannelClosedException.class);
    } finally {
      LifeBodies.count = -1; // lets it end
      assertThat(place.join(SOON)).isEqualTo(1);
      LifeBodies.count = 0;
    }
  }

  @Test
  void aProcessEndsForCertainEvenIfItsCodeIgnoresInterrupts() {
    Place<Integer, String> place =
        node.place(Spawn.isolated(Isolation.PROCESS), LifeBodies::spins);
    assertThat(place.get(SOON)).isEqualTo("spinning");
    place.kill(SOON);
    assertThat(place.join(Duration.ZERO)).isEqualTo(1);
  }

  @ParameterizedTest
  @EnumSource
  void eachKindOfInterruptIsCaughtAsItselfAndThePlaceGoesOn(Isolation isolation) {
    Place<String, String> place =
        node.place(Spawn.isolated(isolation), LifeBodies::survivesInterrupts);
    assertThat(place.get(SOON)).isEqualTo("ready");
    for (InterruptKind kind : InterruptKind.values()) {
      place.interrupt(kind);
      assertThat(place.get(SOON)).isEqualTo("interrupted by " + kind);
      if (kind != InterruptKind.TERMINATE) {
        place.put("a message");
        assertThat(place.get(SOON)).isEqualTo("got a message");
      }
    }
    assertThat(place.join(SOON)).isZero();
  }

  @ParameterizedTest
  @EnumSource
  void exitActionsRunAndTheirLastMessagesArrive(Isolation isolation) {
    Place<Void, String> place = node.place(Spawn.isolated(isolation), LifeBodies::lastWords, false);
    assertThat(List.of(place.get(SOON), place.get(SOON), place.get(SOON)))
        .containsExactly("first", "next to last", "last");
    assertThat(place.join(SOON)).isZero();

    Place<Void, String> failing = node.place(Spawn.isolated(isolation), LifeBodies::lastWords, true);
    assertThat(List.of(failing.get(SOON), failing.get(SOON)))
        .as("those after the one that fails run")
        .containsExactly("first", "last");
    assertThat(failing.join(SOON)).as("a failing action makes the code 1").isEqualTo(1);
    assertThat(failing.failure().orElseThrow().exceptionMessage()).isEqualTo("hook");
  }

  @ParameterizedTest
  @EnumSource
  void exitActionsRunHoweverTheBodyEndsByItself(Isolation isolation) {
    Spawn spawn = Spawn.isolated(isolation);
    Place<Void, String> exits = node.place(spawn, LifeBodies::lastWordsThen, "exit");
    assertThat(exits.get(SOON)).isEqualTo("last words");
    assertThat(exits.join(SOON)).isEqualTo(9);

    Place<Void, String> throwing = node.place(spawn, LifeBodies::lastWordsThen, "throw");
    assertThat(throwing.get(SOON)).isEqualTo("last words");
    assertThat(throwing.join(SOON)).isEqualTo(1);
    assertThat(throwing.failure().orElseThrow().exceptionMessage()).isEqualTo("throw");
  }

  @ParameterizedTest
  @EnumSource
  void exitActionsDoNotRunWhenThePlaceIsKilled(Isolation isolation) {
    Place<Void, String> place = node.place(Spawn.isolated(isolation), LifeBodies::hookAndWait);
    assertThat(place.get(SOON)).isEqualTo("waiting");
    place.kill(SOON);
    assertThatThrownBy(place::get).isInstanceOf(ChannelClosedException.class);
  }

  @Test
  void childrenEndWithTheirParent() {
    Place<String, String> parent = node.place(LifeBodies::parent);
    assertThat(parent.get(SOON)).isEqualTo("child runs");
    assertThat(ChildWatch.RUNNING).hasValue(1);
    parent.put("end");
    assertThat(parent.join(SOON)).isZero();
    assertThat(ChildWatch.RUNNING).hasValue(0);
  }

  @ParameterizedTest
  @EnumSource
  void aBodyMayBeAClass(Isolation isolation) {
    Place<Integer, Integer> place =
        node.start(
            Spawn.isolated(isolation),
            new EntryPoint(LifeBodies.Twice.class.getName(), ""));
    place.put(21);
    assertThat(place.get(SOON)).isEqualTo(42);
    place.kill(SOON);
  }

  @Test
  void twentyDeathsAreAllSeen() {
    List<Place<Void, Void>> places = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      places.add(node.place(Spawn.isolated(Isolation.VIRTUAL), LifeBodies::exit, i));
    }
    List<Integer> codes = new ArrayList<>();
    while (codes.size() < 20) {
      List<Event<Place<Void, Void>>> deaths = new ArrayList<>();
      for (Place<Void, Void> place : places) {
        deaths.add(place.deadEvent().map(death -> place));
      }
      Place<Void, Void> dead = Event.sync(Event.choose(deaths));
      places.remove(dead);
      codes.add(dead.join());
    }
    assertThat(codes).containsExactlyInAnyOrderElementsOf(IntStream.range(0, 20).boxed().toList());
  }

  /** Places of a kind that a test may start: a process costs a second. */
  private static int some(int count, Isolation isolation) {
    return isolation == Isolation.PROCESS ? 2 : count;
  }

  @ParameterizedTest
  @EnumSource
  void everyChoiceBetweenAPlacesDeathAndItsMessagesFires(Isolation isolation) throws Exception {
    List<Place<String, String>> places = new ArrayList<>();
    List<Task<List<String>>> choosers = new ArrayList<>();
    for (int i = 0; i < some(20, isolation); i++) {
      Place<String, String> place =
          node.place(Spawn.isolated(isolation), LifeBodies::speaksWhenTold);
      places.add(place);
      Event<String> news =
          Event.choose(
              place.receiveEvent().map(message -> "said " + message),
              place.deadEvent().map(death -> death.reason() + " " + death.exitCode()));
      choosers.add(
          Task.startWaiting(
              () -> {
                List<String> heard = new ArrayList<>(List.of(Event.sync(news)));
                if (!heard.getFirst().startsWith("EXIT")) {
                  heard.add(Event.sync(news));
                }
                return heard;
              }));
    }
    for (int i = 0; i < places.size(); i++) {
      places.get(i).put(i % 2 == 0 ? "" + i : ""); // told nothing, it says nothing
    }
    for (int i = 0; i < places.size(); i++) {
      List<String> heard = choosers.get(i).result();
      if (i % 2 == 0 && heard.size() == 1) { // the death was chosen while the message was there
        heard.add(0, "said " + places.get(i).get(SOON));
      }
      assertThat(heard)
          .containsExactlyElementsOf(i % 2 == 0 ? List.of("said " + i, "EXIT 0") : List.of("EXIT 0"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDeadPlaceGivesNothingAndNothingHangs(Isolation isolation) {
    Place<String, String> place = node.place(Spawn.isolated(isolation), LifeBodies::echo);
    var waits = Task.startWaiting(place::get);
    var waitsWithLimit = Task.startWaiting(() -> place.get(SOON));
    place.kill(SOON);
    for (Task<?> waiting : List.of(waits, waitsWithLimit)) {
      assertThat(waiting.failure())
          .isInstanceOf(ChannelClosedException.class)
          .hasMessage("%s was killed".formatted(place));
    }
    for (int millis : new int[] {0, 100}) {
      assertThatThrownBy(() -> place.get(Duration.ofMillis(millis)))
          .isInstanceOf(ChannelClosedException.class);
    }
    assertThatThrownBy(place::poll).isInstanceOf(ChannelClosedException.class);
    assertThatThrownBy(() -> place.ask("x", SOON)).isInstanceOf(ChannelClosedException.class);
    assertThatThrownBy(place::poll).isInstanceOf(ChannelClosedException.class);
    assertThatThrownBy(() -> place.ask("?", SOON)).isInstanceOf(ChannelClosedException.class);
    assertThatThrownBy(() -> place.put("x")).isInstanceOf(ChannelClosedException.class);
  }

  @ParameterizedTest
  @EnumSource
  void anAskIsAnsweredByABodyThatGetsAndPuts(Isolation isolation) {
    Place<String, String> echo = node.place(Spawn.isolated(isolation), LifeBodies::echo);
    assertThat(echo.ask("question", SOON)).isEqualTo("question");
    echo.kill(SOON);
  }

  @Test
  void joinTimesOut() {
    Place<String, String> place = node.place(LifeBodies::echo);
    assertThatThrownBy(() -> place.join(Duration.ofMillis(10)))
        .isInstanceOf(GetTimeoutException.class)
        .hasMessage("%s has not ended within PT0.01S".formatted(place));
    place.kill();
  }

  @Test
  void aNameThatIsNoneIsRefused() {
    assertThatThrownBy(() -> node.place(Spawn.named("a b"), LifeBodies::echo))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "a place's name is 1 to 64 letters, digits, '_', '.' and '-', the first a letter or digit;"
                + " not 'a b'");
  }

  @Test
  void aNameThatIsFarTooLongIsRefusedWhereItIsGivenWithItsLength() {
    String name = "n".repeat(100_000);
    String place = "a place's name is 1 to 64 letters";
    assertRefused(place, () -> Spawn.named(name));
    assertRefused(place, () -> Spawn.supervised(name, 1));
    assertRefused(place, () -> node.named(name, String.class, String.class));
    assertRefused("a node's name is 1 to 64 letters", () -> NodeOptions.standard().name(name));
    try (Node owner = Node.start()) {
      assertRefused("a node's name", () -> owner.launch(name, Node.inThisJvm()));
      RemoteNode remote = owner.launch(Node.inThisJvm());
      assertRefused(place, () -> remote.named(name, String.class, String.class));
    }
  }

  private static void assertRefused(String beginning, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(beginning)
        .hasMessageEndingWith("not '%s…', which has 100000 characters: choose a shorter one", "n".repeat(64));
  }
}
