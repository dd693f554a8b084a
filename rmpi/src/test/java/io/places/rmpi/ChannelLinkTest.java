package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.PlaceInterruptedException;
import io.places.Surroundings;
import io.places.channel.PlaceChannel;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a rank does while its peer takes nothing, and when it cannot send what it has promised. */
class ChannelLinkTest {
  private static final int PEER = 1;
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private final World world = new World(Surroundings.system(), 0, 2, false);
  private final PlaceChannel.Pair<Frame, Frame> channel = PlaceChannel.pair(Frame.class, Frame.class);
  private final PlaceChannel<Frame, Frame> peer = channel.second();
  private final ChannelLink link = new ChannelLink(world, PEER, channel.first());

  @BeforeEach
  void begin() {
    world.linkTo(PEER, link);
    world.remoteLinks(List.of(link));
  }

  @AfterEach
  void end() {
    peer.close();
    link.close();
  }

  private Request<Status> send(Slice body, boolean synchronous) {
    Request<Status> request = new Request<>(world, null, () -> "send");
    link.send(
        new Envelope(0, 0, 0, body.type().typeName(), body.elements(), null),
        Payload.of(body),
        synchronous,
        request);
    return request;
  }

  private Request<Status> send(int number, boolean synchronous) {
    return send(Slice.of(new int[] {number}), synchronous);
  }

  /** Until the next one has to wait for the peer. */
  private void sendAsMuchAsGoes(int sent) {
    for (int i = sent; i < PlaceChannel.CREDIT_MESSAGES; i++) {
      assertThat(send(i, false).isOver()).isTrue();
    }
  }

  private long sent() {
    return link.traffic().sent();
  }

  private static void await(String what, BooleanSupplier condition) {
    long end = System.nanoTime() + LIMIT.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as(what).isLessThan(end);
      Thread.onSpinWait();
    }
  }

  @Test
  void whoIsInterruptedWhileItWaitsToSendIsToldThatAndThePeerIsNotLost() {
    sendAsMuchAsGoes(0);
    for (boolean synchronous : new boolean[] {false, true}) {
      Thread.currentThread().interrupt();
      assertThatThrownBy(() -> send(-1, synchronous)).isInstanceOf(PlaceInterruptedException.class);
      assertThat(Thread.interrupted()).isTrue();
    }

    assertThat(world.hasFailed()).isFalse();
    assertThat(sent()).isEqualTo(PlaceChannel.CREDIT_MESSAGES);
    for (int i = 0; i < PlaceChannel.CREDIT_MESSAGES; i++) {
      peer.get(LIMIT);
    }
    Request<Status> next = send(7, true);
    assertThat(peer.get(LIMIT))
        .isInstanceOfSatisfying(
            Frame.Whole.class,
            whole -> {
              assertThat(whole.body()).isEqualTo(Payload.of(new int[] {7}).encode());
              peer.put(new Frame.Matched(whole.ticket()));
            });
    next.await(LIMIT);
  }

  @Test
  void whoIsInterruptedBehindAnotherThatWaitsToSendIsToldThat() throws InterruptedException {
    sendAsMuchAsGoes(0);
    Thread first = Thread.ofVirtual().start(() -> send(-1, false));
    await("one waits", () -> sent() > PlaceChannel.CREDIT_MESSAGES);

    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> send(-2, false)).isInstanceOf(PlaceInterruptedException.class);
    assertThat(Thread.interrupted()).isTrue();
    peer.get(LIMIT);
    assertThat(first.join(LIMIT)).as("the first goes on").isTrue();
    assertThat(world.hasFailed()).isFalse();
  }

  @Test
  void whatComesIsReadWhileAnotherThreadWaitsToSend() {
    Request<Status> early = send(0, true);
    sendAsMuchAsGoes(1);
    Thread waits = Thread.ofVirtual().start(() -> send(-1, false));
    await("one waits", () -> sent() > PlaceChannel.CREDIT_MESSAGES);

    peer.put(new Frame.Room(1));
    peer.put(new Frame.Matched(1));
    early.await(LIMIT);
    assertThat(waits.isAlive()).isTrue();
  }

  @Test
  void whatCannotBeReadWhenItIsWantedFailsItsSendAndTheJob() {
    Request<Status> sent;
    try (Arena arena = Arena.ofShared()) {
      sent = send(Slice.of(arena.allocate(ValueLayout.JAVA_INT, 100_000), ElementType.INT), false);
    }
    assertThat(peer.get(LIMIT))
        .isInstanceOfSatisfying(Frame.Offer.class, offer -> peer.put(new Frame.Wanted(offer.ticket())));

    assertThatThrownBy(() -> sent.await(LIMIT))
        .isInstanceOf(RmpiException.class)
        .hasMessageStartingWith("rank 0 cannot send to rank 1: java.lang.IllegalStateException");
    await("the job has failed", world::hasFailed);
    assertThat(peer.get(LIMIT)).isInstanceOf(Frame.Failed.class);
  }
}
