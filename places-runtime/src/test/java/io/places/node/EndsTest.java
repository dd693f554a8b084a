package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.ChannelClosedException;
import io.places.MessageNotAllowedException;
import io.places.NodeLostException;
import io.places.PutTimeoutException;
import io.places.channel.PlaceChannel;
import io.places.cluster.LocalCluster;
import io.places.event.Event;
import io.places.message.SharedLongs;
import io.places.place.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/** Ends of channels inside messages, among three nodes: this JVM's, node-1 and node-2. */
@ParameterizedClass(name = "in processes: {0}")
@ValueSource(booleans = {false, true})
class EndsTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private static LocalCluster cluster = LocalCluster.inJvm(1);

  @Parameter boolean processes;

  @BeforeParameterizedClassInvocation
  static void start(boolean processes) {
    cluster.close();
    cluster = processes ? LocalCluster.processes(2) : LocalCluster.inJvm(2);
  }

  @AfterParameterizedClassInvocation
  static void close() {
    cluster.close();
  }

  @AfterEach
  void restore() {
    cluster.restore();
  }

  @Test
  void anEndThatIsSentWorksWhereItArrives() {
    var pair = PlaceChannel.pair(String.class, String.class);
    Place<PlaceChannel<String, String>, Void> there = cluster.node(1).place(EndBodies::echoOn);
    there.put(pair.second());
    assertThat(pair.first().ask("hello", SOON)).isEqualTo("hello");
  }

  @Test
  void theHoldersTalkWithoutTheNodeThatTheEndCameThrough() {
    var pair = PlaceChannel.pair(String.class, String.class);
    Place<EndBodies.Errand, String> between = cluster.node(1).place(EndBodies::runErrands);
    Place<PlaceChannel<String, String>, Void> last = cluster.node(2).place(EndBodies::echoOn);
    pair.first().put("before it moves");
    between.put(new EndBodies.Errand(pair.second(), last));
    assertThat(between.get(SOON)).isEqualTo("done");
    assertThat(pair.first().get(SOON)).isEqualTo("before it moves");
    cluster.kill(1);
    pair.first().put("after its death");
    assertThat(pair.first().get(SOON)).isEqualTo("after its death");
  }

  @Test
  void theHoldersTalkWithoutTheNodeThatMadeTheChannel() {
    Place<Void, PlaceChannel<String, String>> maker = cluster.node(1).place(EndBodies::makePair);
    Place<PlaceChannel<String, String>, Void> holder = cluster.node(2).place(EndBodies::echoOn);
    PlaceChannel<String, String> first = maker.get(SOON);
    PlaceChannel<String, String> second = maker.get(SOON);
    assertThat(second.get(SOON)).isEqualTo("from the first");
    holder.put(second);
    assertThat(first.get(SOON)).isEqualTo("from the second");
    assertThat(first.ask("direct?", SOON)).isEqualTo("direct?");
    cluster.kill(1);
    assertThat(first.ask("still?", SOON)).isEqualTo("still?");
  }

  @Test
  void endsTravelWhereverAMessageCanHoldThem() {
    var pairs =
        Stream.generate(() -> PlaceChannel.pair(Void.class, Integer.class)).limit(4).toList();
    Place<EndBodies.Bundle, String> filler = cluster.node(1).place(EndBodies::fill);
    filler.put(
        new EndBodies.Bundle(
            "many",
            pairs.get(0).second(),
            List.of(pairs.get(1).second(), pairs.get(1).second()),
            Map.of("a", pairs.get(2).second(), "b", pairs.get(1).second()),
            Optional.of(pairs.get(3).second())));
    assertThat(filler.get(SOON)).isEqualTo("many");
    assertThat(pairs.get(0).first().get(SOON)).isEqualTo(1);
    assertThat(
            Stream.generate(() -> pairs.get(1).first().get(SOON)).limit(3).toList())
        .as("the same end three times in one message")
        .containsExactly(2, 2, 3);
    assertThat(pairs.get(2).first().get(SOON)).isEqualTo(3);
    assertThat(pairs.get(3).first().get(SOON)).isEqualTo(4);
  }

  @Test
  void bothEndsOfAChannelMayTravelInOneMessage() {
    var pair = PlaceChannel.pair(String.class, String.class);
    Place<EndBodies.Both, String> there = cluster.node(1).place(EndBodies::talkToItself);
    there.put(new EndBodies.Both(pair.first(), pair.second()));
    assertThat(there.get(SOON)).isEqualTo("out loud");
    assertThat(there.get(SOON)).isEqualTo("and back");
  }

  @Test
  void anEndThatComesBackIsLocalAgain() {
    var pair = PlaceChannel.pair(String.class, String.class);
    Place<PlaceChannel<String, String>, PlaceChannel<String, String>> mirror =
        cluster.node(1).place(EndBodies::sendBack);
    mirror.put(pair.second());
    pair.first().put("under way");
    PlaceChannel<String, String> back = mirror.get(SOON);
    assertThat(back.get(SOON)).isEqualTo("under way");
    cluster.kill(1);
    back.put("here");
    assertThat(pair.first().get(SOON)).isEqualTo("here");
  }

  @Test
  void nothingIsLostDoubledOrReorderedWhileAnEndGoesAround() throws Exception {
    var pair = PlaceChannel.pair(Integer.class, Integer.class);
    int rounds = processes ? 30 : 100;
    int perStop = 97;
    int total = rounds * 3 * perStop;
    Thread writer =
        Thread.startVirtualThread(
            () -> {
              for (int i = 0; i < total; i++) {
                pair.first().put(i);
              }
            });
    Thread reader =
        Thread.startVirtualThread(
            () -> {
              for (int i = 0; i < total; i++) {
                assertThat(pair.first().get(SOON)).isEqualTo(i);
              }
            });
    Place<EndBodies.Stream, EndBodies.Stream> one =
        cluster.node(1).place(EndBodies::readSome, perStop);
    Place<EndBodies.Stream, EndBodies.Stream> two =
        cluster.node(2).place(EndBodies::readSome, perStop);
    var stream = new EndBodies.Stream(pair.second(), 0);
    for (int round = 0; round < rounds; round++) {
      one.put(stream);
      stream = one.get(SOON);
      two.put(stream);
      stream = two.get(SOON);
      for (int i = 0; i < perStop; i++) {
        int number = stream.end().get(SOON);
        assertThat(number).isEqualTo(stream.next() + i);
        stream.end().put(number);
      }
      stream = new EndBodies.Stream(stream.end(), stream.next() + perStop);
    }
    assertThat(writer.join(SOON)).isTrue();
    assertThat(reader.join(SOON)).isTrue();
  }

  @Test
  void whoGetsAWindowfulAtOnceWhereTheEndArrivesIsSentMore() {
    Place<PlaceChannel<byte[], byte[]>, Integer> there =
        cluster.node(1).place(EndBodies::readAtOnce);
    byte[] windowful = new byte[PlaceChannel.CREDIT_BYTES + 1];
    for (int round = 0; round < 10; round++) {
      var pair = PlaceChannel.pair(byte[].class, byte[].class);
      pair.first().put(windowful);
      there.put(pair.second());
      pair.first().put(new byte[round], SOON);
      assertThat(there.get(SOON)).isEqualTo(windowful.length);
      assertThat(there.get(SOON)).isEqualTo(round);
      pair.first().close();
    }
  }

  @Test
  void bothEndsMayMoveAtTheSameTime() throws Exception {
    var pair = PlaceChannel.pair(Integer.class, Integer.class);
    pair.first().put(0); // what goes around in both directions, between the moves
    int rounds = processes ? 30 : 100;
    Place<EndBodies.Stream, EndBodies.Stream> ofFirst = cluster.node(1).place(EndBodies::pass);
    Place<EndBodies.Stream, EndBodies.Stream> ofSecond = cluster.node(2).place(EndBodies::pass);
    var first = new EndBodies.Stream(pair.first(), 0);
    var second = new EndBodies.Stream(pair.second(), 0);
    for (int round = 0; round < rounds; round++) {
      var a = first;
      var b = second;
      var moving = CompletableFuture.runAsync(() -> ofFirst.put(a), Thread::startVirtualThread);
      ofSecond.put(b);
      moving.get(20, TimeUnit.SECONDS);
      first = ofFirst.get(SOON);
      second = ofSecond.get(SOON);
      int number = second.end().get(SOON);
      assertThat(number).isEqualTo(2 * round);
      second.end().put(number + 1);
      assertThat(first.end().get(SOON)).isEqualTo(number + 1);
      first.end().put(number + 2);
    }
  }

  @Test
  void endsThatAreSentToAnEndWhichGoesAroundArriveOrStay() {
    var carrier = PlaceChannel.pair(EndBodies.Carried.class, Void.class);
    List<PlaceChannel<String, String>> ends = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      var pair = PlaceChannel.pair(String.class, String.class);
      Place<PlaceChannel<String, String>, Void> far = cluster.node(2).place(EndBodies::echoOn);
      far.put(pair.first());
      ends.add(pair.second());
    }
    var away = new Semaphore(0);
    var sending =
        CompletableFuture.supplyAsync(
            () ->
                ends.stream().filter(end -> !isSentWhen(away, carrier.first(), end)).toList(),
            Thread::startVirtualThread);
    Place<EndBodies.Around, EndBodies.Around> mirror = cluster.node(1).place(EndBodies::passAround);
    var around = carrier.second();
    while (!sending.isDone()) {
      mirror.put(new EndBodies.Around(around));
      away.release();
      around = mirror.get(SOON).end();
    }
    List<PlaceChannel<String, String>> found = new ArrayList<>(sending.join()); // those that stayed
    for (var next = around.poll(); next.isPresent(); next = around.poll()) {
      found.add(next.get().end());
    }
    assertThat(found).hasSameSizeAs(ends);
    for (PlaceChannel<String, String> end : found) {
      assertThat(end.ask("who is there?", SOON)).isEqualTo("who is there?");
    }
  }

  private static boolean isSentWhen(
      Semaphore away,
      PlaceChannel<EndBodies.Carried, Void> to,
      PlaceChannel<String, String> end) {
    away.acquireUninterruptibly();
    try {
      to.put(new EndBodies.Carried(end), Duration.ofMillis(100));
      return true;
    } catch (PutTimeoutException e) {
      return false;
    }
  }

  @Test
  void anEndThatWasGivenAwayIsClosedToThoseWhoHeldIt() {
    var pair = PlaceChannel.pair(String.class, String.class);
    Place<PlaceChannel<String, String>, Void> there = cluster.node(1).place(EndBodies::echoOn);
    there.put(pair.second());
    for (ThrowingCallable use :
        List.<ThrowingCallable>of(
            () -> pair.second().put("x"), () -> pair.second().get(SOON), pair.second()::poll)) {
      assertThatThrownBy(use)
          .isInstanceOf(ChannelClosedException.class)
          .hasMessage(
              "this end of a channel was sent from node main to another node; it is at one node at a time");
    }
    pair.second().close(); // means nothing any more
    assertThat(pair.first().ask("there", SOON)).isEqualTo("there");
    there.put(pair.second()); // goes as the closed end that it is
  }

  @Test
  void questionsAndAnswersGoOverEndsThatMoved() {
    var pair = PlaceChannel.pair(String.class, String.class);
    Place<PlaceChannel<String, String>, String> asking = cluster.node(1).place(EndBodies::askOn);
    asking.put(pair.second());
    Place<PlaceChannel<String, String>, Void> answering = cluster.node(2).place(EndBodies::echoOn);
    answering.put(pair.first());
    for (int i = 0; i < 3; i++) {
      assertThat(asking.get(SOON)).isEqualTo("question " + i);
    }
  }

  @Test
  void aQuestionThatNobodyHasGotMovesWithTheEnd() throws Exception {
    var pair = PlaceChannel.pair(String.class, String.class);
    var answer =
        CompletableFuture.supplyAsync(
            () -> pair.first().ask("for whom?", SOON), Thread::startVirtualThread);
    Event.sync(pair.first().creditEvent()); // whatever the order, the question is put or will be
    Place<PlaceChannel<String, String>, Void> there = cluster.node(1).place(EndBodies::echoOn);
    there.put(pair.second());
    assertThat(answer.get(20, TimeUnit.SECONDS)).isEqualTo("for whom?");
  }

  @Test
  void aFutureIsKeptByTheHolderToWhomTheEndHasMoved() throws Exception {
    var pair = PlaceChannel.pair(String.class, String.class);
    List<CompletableFuture<String>> answers =
        Stream.of("a", "b", "c").map(each -> pair.first().askAsync(each, SOON)).toList();
    Place<PlaceChannel<String, String>, Void> there = cluster.node(1).place(EndBodies::echoOn);
    there.put(pair.second());
    for (int i = 0; i < 3; i++) {
      assertThat(answers.get(i).get(20, TimeUnit.SECONDS)).isEqualTo("abc".substring(i, i + 1));
    }
    pair.first().close();
  }

  @Test
  void whoHearsThatAnEndHasLeftMaySendAnotherTheSameWay() throws Exception {
    var leaving = PlaceChannel.pair(String.class, String.class);
    var next = PlaceChannel.pair(String.class, String.class);
    Place<PlaceChannel<String, String>, Void> there =
        cluster.node(1).place(EndBodies::sayHelloOnEach);
    CompletableFuture<Void> heard =
        leaving
            .first()
            .askAsync("what nobody answers", SOON)
            .handle(
                (answer, failure) -> {
                  there.put(next.first(), SOON);
                  return null;
                });
    there.put(leaving.first(), SOON);
    heard.get(20, TimeUnit.SECONDS);
    assertThat(next.second().get(SOON)).isEqualTo("hello");
    assertThat(leaving.second().get(SOON)).isEqualTo("what nobody answers");
    assertThat(leaving.second().get(SOON)).isEqualTo("hello");
  }

  @Test
  void anEndMayBeAnArgumentOfAPlace() {
    var pair = PlaceChannel.pair(Void.class, String.class);
    cluster.node(1).place(EndBodies::sayOn, pair.second());
    assertThat(pair.first().get(SOON)).isEqualTo("an argument");
  }

  @Test
  void whatWasPutBeforeTheCloseIsGotFromAnEndThatMoved() {
    var pair = PlaceChannel.pair(String.class, String.class);
    Place<PlaceChannel<String, String>, Void> there = cluster.node(1).place(EndBodies::closeIt);
    there.put(pair.second());
    assertThat(pair.first().get(SOON)).isEqualTo("last words");
    assertThatThrownBy(() -> pair.first().get(SOON)).isInstanceOf(ChannelClosedException.class);
  }

  @Test
  void anEndWhosePeerIsClosedTravelsWithItsLastMessages() {
    var pair = PlaceChannel.pair(String.class, String.class);
    Place<PlaceChannel<String, String>, PlaceChannel<String, String>> mirror =
        cluster.node(1).place(EndBodies::sendBack);
    pair.first().put("last words");
    pair.first().close();
    mirror.put(pair.second());
    PlaceChannel<String, String> back = mirror.get(SOON);
    assertThat(back.get(SOON)).isEqualTo("last words");
    assertThatThrownBy(() -> back.get(SOON))
        .isInstanceOf(ChannelClosedException.class)
        .hasMessageContaining("closed the channel");
  }

  @Test
  void theDeathOfTheHoldersNodeIsKnownToTheOther() {
    var pair = PlaceChannel.pair(String.class, String.class);
    Place<PlaceChannel<String, String>, Void> there = cluster.node(1).place(EndBodies::echoOn);
    there.put(pair.second());
    assertThat(pair.first().ask("alive", SOON)).isEqualTo("alive");
    cluster.kill(1);
    assertThatThrownBy(() -> pair.first().get(SOON))
        .isInstanceOf(NodeLostException.class)
        .hasMessageContaining("node node-1");
  }

  @Test
  void theDeathOfTheHoldersNodeIsKnownToAHolderOnAThirdNode() {
    var pair = PlaceChannel.pair(String.class, String.class);
    Place<PlaceChannel<String, String>, Void> there = cluster.node(1).place(EndBodies::echoOn);
    there.put(pair.second());
    Place<PlaceChannel<String, String>, String> asking =
        cluster.node(2).place(EndBodies::askAlways);
    asking.put(pair.first());
    assertThat(asking.get(SOON)).isEqualTo("first");
    cluster.kill(1);
    assertThat(asking.join(SOON)).isEqualTo(1);
    assertThat(asking.failure().orElseThrow().exceptionClass())
        .isEqualTo(NodeLostException.class.getName());
  }

  @Test
  void anEndThatIsLostWithANodeOnItsWayClosesItsPeer() {
    var pair = PlaceChannel.pair(String.class, String.class);
    Place<PlaceChannel<String, String>, Void> idle = cluster.node(1).place(EndBodies::neverGets);
    idle.put(pair.second());
    cluster.kill(1);
    assertThatThrownBy(() -> pair.first().get(SOON)).isInstanceOf(NodeLostException.class);
    assertThatThrownBy(() -> idle.put(PlaceChannel.pair(String.class, String.class).first()))
        .isInstanceOf(NodeLostException.class);
  }

  @Test
  void aMessageThatIsNotSentLeavesItsEndsWhereTheyAre() {
    Place<PlaceChannel<String, String>, Void> idle = cluster.node(1).place(EndBodies::neverGets);
    var filler = PlaceChannel.pair(String.class, String.class);
    for (int i = 0; i < PlaceChannel.CREDIT_MESSAGES; i++) {
      idle.put(filler.first()); // closed after the first, which does not matter
    }
    var pair = PlaceChannel.pair(String.class, String.class);
    assertThat(idle.offer(pair.second())).isFalse();
    assertThatThrownBy(() -> idle.put(pair.second(), Duration.ofMillis(20)))
        .isInstanceOf(PutTimeoutException.class);
    pair.second().put("still here");
    assertThat(pair.first().get(SOON)).isEqualTo("still here");
  }

  @Test
  void anEndCannotBeSentThroughItself() {
    var pair = PlaceChannel.pair(EndBodies.Own.class, EndBodies.Own.class);
    Place<EndBodies.Own, EndBodies.Own> there = cluster.node(1).place(EndBodies::echoOwn);
    PlaceChannel<EndBodies.Own, EndBodies.Own> far = there;
    assertThatThrownBy(() -> far.put(new EndBodies.Own(Optional.of(far))))
        .isInstanceOf(MessageNotAllowedException.class)
        .hasMessageContaining("an end cannot be sent through itself");
    far.put(new EndBodies.Own(Optional.of(pair.second())));
    PlaceChannel<EndBodies.Own, EndBodies.Own> back = far.get(SOON).end().orElseThrow();
    back.put(new EndBodies.Own(Optional.empty()));
    assertThat(pair.first().get(SOON).end()).isEmpty();
  }

  @Test
  void sharedMemoryThatLiesUnreadInAnEndCannotLeaveWithIt() {
    var pair = PlaceChannel.pair(SharedLongs.class, String.class);
    Place<PlaceChannel<String, SharedLongs>, Void> there =
        cluster.node(1).place(EndBodies::sharers);
    pair.first().put(SharedLongs.ofLength(8));
    there.put(pair.second());
    assertThatThrownBy(() -> pair.first().get(SOON))
        .isInstanceOf(ChannelClosedException.class)
        .hasMessageContaining("a message on it could not be");
  }

  @Test
  void endsThatAreDroppedWithoutBeingClosedLeaveNothingBehind() {
    Place<PlaceChannel<String, String>, Integer> dropping =
        cluster.node(1).place(EndBodies::drop);
    int ends = 50_000;
    for (int i = 1; i <= ends; i++) {
      var pair = PlaceChannel.pair(String.class, String.class);
      dropping.put(pair.second());
      if (i % 1_000 == 0) {
        assertThat(dropping.get(SOON)).isEqualTo(i);
      }
    }
  }
}
