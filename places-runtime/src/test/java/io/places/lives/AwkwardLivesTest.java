package io.places.lives;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.InterruptKind;
import io.places.PlaceFailedException;
import io.places.PlaceInterruptedException;
import io.places.PlaceStillRunningException;
import io.places.channel.PlaceChannel;
import io.places.event.Event;
import io.places.launch.Launch;
import io.places.node.Node;
import io.places.node.RemoteNode;
import io.places.place.CurrentPlace;
import io.places.place.GroupMember;
import io.places.place.Isolation;
import io.places.place.Place;
import io.places.place.PlaceDeath;
import io.places.place.PlaceGroup;
import io.places.place.PlaceLocal;
import io.places.place.Spawn;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Lives that start, fail and end at the wrong moment. */
class AwkwardLivesTest {
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

  static void adds(PlaceChannel<Double, Void> parent, int count, double each) {
    parent.put(count * each);
  }

  @ParameterizedTest
  @EnumSource
  void argumentsOfABodyMayBePrimitive(Isolation isolation) {
    Place<Void, Double> place =
        node.place(Spawn.isolated(isolation), AwkwardLivesTest::adds, 3, 1.5);
    assertThat(place.get(SOON)).isEqualTo(4.5);
  }

  static void waits(PlaceChannel<String, Void> parent) {
    try {
      parent.get();
    } catch (PlaceInterruptedException e) {
      parent.put("interrupted: " + e.kind());
      Place.exit(7);
    }
  }

  @Test
  void whatIsWantedOfARemotePlaceThatHasJustStartedIsDone() {
    RemoteNode other = node.launch(Launch.process());
    for (int i = 0; i < 20; i++) {
      Place<Void, String> interrupted = other.place(AwkwardLivesTest::waits);
      interrupted.interrupt(InterruptKind.HANG_UP);
      assertThat(interrupted.join(SOON)).as("interrupted, round %d", i).isNotZero();
      Place<Void, String> killed = other.place(AwkwardLivesTest::waits);
      killed.kill(SOON);
      assertThat(killed.join(SOON)).as("killed, round %d", i).isEqualTo(1);
    }
  }

  @SuppressWarnings("serial")
  private static final class Mute extends RuntimeException {
    @Override
    public String getMessage() {
      throw new IllegalStateException("not even this");
    }
  }

  static void failsAndCannotSayWhy(PlaceChannel<Void, Void> parent) {
    throw new Mute();
  }

  @ParameterizedTest
  @EnumSource
  void aPlaceWhoseFailureCannotBePrintedEndsAllTheSame(Isolation isolation) {
    Place<Void, Void> place =
        node.place(Spawn.isolated(isolation), AwkwardLivesTest::failsAndCannotSayWhy);
    assertThat(place.join(SOON)).isEqualTo(1);
    assertThat(place.failure().map(PlaceFailedException::exceptionClass))
        .contains(Mute.class.getName());
  }

  static void bodyAndHookFail(PlaceChannel<Void, Void> parent) {
    Place.atExit(
        () -> {
          throw new IllegalStateException("of the hook");
        });
    throw new IllegalArgumentException("of the body");
  }

  static void hookFailsAndAnotherExits(PlaceChannel<Void, Void> parent) {
    Place.atExit(
        () -> {
          throw new IllegalStateException("of the hook");
        });
    Place.atExit(() -> Place.exit(9));
  }

  @ParameterizedTest
  @EnumSource
  void theFailureOfTheBodyIsToldBeforeThatOfAHookAndAnyFailureBeforeAnExit(Isolation isolation) {
    Place<Void, Void> both = node.place(Spawn.isolated(isolation), AwkwardLivesTest::bodyAndHookFail);
    Place<Void, Void> hook =
        node.place(Spawn.isolated(isolation), AwkwardLivesTest::hookFailsAndAnotherExits);
    assertThat(both.join(SOON)).isEqualTo(1);
    assertThat(both.failure().orElseThrow().exceptionMessage()).isEqualTo("of the body");
    assertThat(hook.join(SOON)).isEqualTo(1);
    assertThat(hook.failure().orElseThrow().exceptionMessage()).isEqualTo("of the hook");
  }

  private static final PlaceLocal<Integer> FIRST = PlaceLocal.withInitial(() -> 1);
  private static final PlaceLocal<Integer> SECOND = PlaceLocal.withInitial(() -> FIRST.get() + 1);
  private static final PlaceLocal<Integer> THIRD = PlaceLocal.withInitial(() -> SECOND.get() + 1);

  static void third(PlaceChannel<Integer, Void> parent) {
    parent.put(THIRD.get());
  }

  @ParameterizedTest
  @EnumSource
  void aPlaceLocalMayBeMadeFromAnother(Isolation isolation) {
    Place<Void, Integer> place = node.place(Spawn.isolated(isolation), AwkwardLivesTest::third);
    assertThat(place.get(SOON)).isEqualTo(3);
    assertThat(place.join(SOON)).isZero();
  }

  static void child(PlaceChannel<String, Void> parent) {
    Place.atExit(() -> parent.put("not when killed"));
    parent.put("ready");
    parent.get();
  }

  /** What a killed place has to say goes by no channel. */
  private static final BlockingQueue<PlaceDeath.Reason> NEWS = new LinkedBlockingQueue<>();

  static void parentOf(PlaceChannel<String, Void> creator) {
    Place<Void, String> child = Node.current().place(AwkwardLivesTest::child);
    child.get();
    Thread.ofVirtual().start(() -> NEWS.add(Event.sync(child.deadEvent()).reason()));
    creator.put("ready");
    LockSupport.park();
  }

  @Test
  void theChildrenOfAKilledPlaceAreKilledToo() throws InterruptedException {
    for (int i = 0; i < 30; i++) {
      Place<Void, String> place = node.place(AwkwardLivesTest::parentOf);
      place.get(SOON);
      place.kill(SOON);
      assertThat(NEWS.poll(20, TimeUnit.SECONDS))
          .as("round %d", i)
          .isEqualTo(PlaceDeath.Reason.KILLED);
    }
  }

  private static final int STUBBORN = 3;
  private static final CountDownLatch THERE = new CountDownLatch(STUBBORN);
  private static final Semaphore LEAVE = new Semaphore(0);

  /** The first fails when the others are there, whom no interrupt moves. */
  private static final Queue<Object> ENDED = new ConcurrentLinkedQueue<>();

  /** Has what does not end, as a supervised body that hears of nothing, among what does. */
  static void ownsWhatGoesOn(PlaceChannel<Void, Void> parent) {
    CurrentPlace self = CurrentPlace.get().orElseThrow();
    for (int i = 0; i < 5; i++) {
      int number = i;
      self.whenEnding(() -> ENDED.add(number));
      self.whenEnding(
          () -> {
            throw new PlaceStillRunningException("number %d goes on".formatted(number));
          });
    }
    Place<Void, String> child = Node.current().place(AwkwardLivesTest::child);
    child.get();
    Thread.ofVirtual().start(() -> ENDED.add(Event.sync(child.deadEvent()).reason()));
  }

  @Test
  void whatDoesNotEndWithItsPlaceKeepsNothingElseAlive() {
    assertThat(node.place(AwkwardLivesTest::ownsWhatGoesOn).join(SOON)).isZero();
    long start = System.nanoTime();
    while (ENDED.size() < 6) {
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(SOON);
      Thread.onSpinWait();
    }
    assertThat(ENDED).containsExactlyInAnyOrder(0, 1, 2, 3, 4, PlaceDeath.Reason.KILLED);
  }

  static String failsOrStays(GroupMember self, Integer nothing) throws InterruptedException {
    if (self.rank() == 0) {
      THERE.await();
      throw new IllegalStateException("rank 0");
    }
    THERE.countDown();
    LEAVE.acquireUninterruptibly();
    return "";
  }

  @Test
  void aGroupWaitsForAllItsStubbornMembersTogether() {
    long start = System.nanoTime();
    try {
      assertThatThrownBy(
              () -> PlaceGroup.forkJoin(node, 1 + STUBBORN, AwkwardLivesTest::failsOrStays, 0))
          .isInstanceOf(PlaceFailedException.class)
          .satisfies(
              failure ->
                  assertThat(failure.getSuppressed())
                      .hasSize(STUBBORN)
                      .allSatisfy(
                          each -> assertThat(each).isInstanceOf(PlaceStillRunningException.class)));
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isLessThan(Place.KILL_LIMIT.multipliedBy(2));
    } finally {
      LEAVE.release(STUBBORN);
    }
  }
}
