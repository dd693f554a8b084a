package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.Surroundings;
import io.places.channel.PlaceChannel;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one who sends to a rank that is gone is told, before it is read what that rank has said at its end, and then. */
class LostRankTest {
  private static final int GONE = 2;
  private static final String CAUSE = "rank 0 is in call 1, barrier(), rank 2 in call 1, bcast(int, root 0)";

  private final World world = new World(Surroundings.system(), 0, 3, false);
  private final PlaceChannel.Pair<Frame, Frame> channel = PlaceChannel.pair(Frame.class, Frame.class);

  private void peerFails() {
    channel.second().put(new Frame.Failed(new Link.Failure(Link.Failure.Kind.COLLECTIVE_MISMATCH, CAUSE)));
    channel.second().close();
  }

  private void peerEnds() {
    channel.second().put(new Frame.End());
    channel.second().close();
  }

  private Request<Status> send(RemoteLink link, int count, boolean synchronous) {
    Request<Status> request = new Request<>(world, null, () -> "send");
    link.send(new Envelope(0, 0, 0, "int[]", count, null), Payload.of(new int[count]), synchronous, request);
    return request;
  }

  private void begin(RemoteLink link) {
    world.linkTo(GONE, link);
    world.remoteLinks(List.of(link));
  }

  private static void assertFailed(Request<?> request, Class<? extends RmpiException> how, String words) {
    assertThatThrownBy(() -> request.await(Duration.ofSeconds(20))).isInstanceOf(how).hasMessage(words);
  }

  /** A message that goes whole, and one that is offered. */
  @ParameterizedTest
  @ValueSource(ints = {1, 100_000})
  void whoCannotSendToARankThatHasFailedIsToldTheCauseThatItHasTold(int count) {
    peerFails();
    var link = new ChannelLink(world, GONE, channel.first());

    List<Request<Status>> early = List.of(send(link, count, false), send(link, count, true));
    assertThat(early).noneMatch(Request::isOver);
    assertThat(world.hasFailed()).isFalse();
    begin(link);
    for (Request<Status> each : early) {
      assertFailed(each, CollectiveMismatchException.class, CAUSE);
    }
    assertFailed(send(link, count, true), CollectiveMismatchException.class, CAUSE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 100_000})
  void whoCannotSendToARankThatHasEndedIsToldThat(int count) {
    peerEnds();
    var link = new ChannelLink(world, GONE, channel.first());

    Request<Status> early = send(link, count, false);
    begin(link);
    String words = "rank 2 has ended without receiving what was sent to it: send";
    assertFailed(early, RankFailedException.class, words);
    assertFailed(send(link, count, true), RankFailedException.class, words);
    assertThat(world.hasFailed()).isFalse();
  }

  @Test
  void whoCannotSendToARankThatHasSaidNothingIsToldThatItIsLost() {
    channel.second().close();
    var link = new ChannelLink(world, GONE, channel.first());

    Request<Status> early = send(link, 1, false);
    begin(link);
    assertThatThrownBy(() -> early.await(Duration.ofSeconds(20)))
        .isInstanceOf(RankFailedException.class)
        .hasMessageStartingWith("rank 2 is lost");
  }

  private MemoryLink memoryLink(boolean peerSleeps) throws IOException {
    PairMemory.Offered pair = PairMemory.create(new Random());
    pair.file().close();
    PairMemory memory = pair.memory();
    memory.memory().set(ValueLayout.JAVA_INT, memory.sleepAt(1), peerSleeps ? Sleeper.ASLEEP : Sleeper.AWAKE);
    return new MemoryLink(world, GONE, channel.first(), memory);
  }

  @Test
  void whoCannotWakeARankThatHasFailedIsToldTheCauseThatItHasTold() throws IOException {
    peerFails();
    MemoryLink link = memoryLink(true);

    Request<Status> early = send(link, 1, true);
    assertThat(world.hasFailed()).isFalse();
    begin(link);
    assertFailed(early, CollectiveMismatchException.class, CAUSE);
  }

  @Test
  void forOneThatEndsThoseThatHaveEndedAreNotLost() throws IOException {
    peerEnds();
    MemoryLink link = memoryLink(false);

    link.awaitEnd();
    assertThat(world.hasFailed()).isFalse();
  }
}
