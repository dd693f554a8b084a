package io.places.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.ChannelClosedException;
import io.places.NodeLostException;
import io.places.PlacesException;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.wire.proto.AttachEnd;
import io.places.wire.proto.ChannelClosed;
import io.places.wire.proto.Control;
import io.places.wire.proto.PauseEnd;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An end of a channel leaves a node that dies before anybody knows where the end is. */
class OrphanedEndTest {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ClusterKey key = ClusterKey.random(new SecureRandom());
  private final Node node = Node.start(NodeOptions.standard().key(key).allow("io.places.wire"));
  private final ClientWatch watch = ClientWatch.start(node);

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void itsPeerWaits10SecondsAndThenSaysWhyAndWhoTurnsUpTooLateIsToldThatNobodyWaits() throws Exception {
    long start = System.nanoTime();
    long ticket = moveAndDie();

    PlacesException end = watch.ended().poll(20, TimeUnit.SECONDS);
    Duration waited = Duration.ofNanos(System.nanoTime() - start);
    assertThat(end)
        .isInstanceOf(NodeLostException.class)
        .hasMessageContaining("was lost while the other end of this channel moved from there")
        .hasMessageContaining("it did not turn up elsewhere within 10 s");
    assertThat(waited).isBetween(PATIENCE, PATIENCE.plusSeconds(5));

    try (var late = new RawPeer(key, node.address())) {
      late.hello(true);
      attach(late, ticket);
      assertThat(late.next(Control.BodyCase.ATTACH_REFUSED).getAttachRefused().getOver().toString())
          .contains("the other end of the channel is gone");
    }
  }

  @Test
  void itsPeerGoesOnWithItWhereItTurnsUp() throws Exception {
    long ticket = moveAndDie();
    try (var heir = new RawPeer(key, node.address())) {
      heir.hello(true);
      attach(heir, ticket);
      heir.next(Control.BodyCase.END_ATTACHED);
      heir.control(
          Control.newBuilder().setChannelClosed(ChannelClosed.newBuilder().setChannel(1)).build());
      assertThat(watch.ended().poll(5, TimeUnit.SECONDS))
          .isInstanceOf(ChannelClosedException.class)
          .hasMessageContaining("was closed");
    }
  }

  /** A node pauses the peer of an end that it holds, and is gone. Answers the ticket. */
  private long moveAndDie() throws IOException {
    try (var raw = new RawPeer(key, node.address())) {
      raw.hello(true);
      raw.open(watch.name(), 1);
      raw.control(Control.newBuilder().setPauseEnd(PauseEnd.newBuilder().setChannel(1)).build());
      return raw.next(Control.BodyCase.END_PAUSED).getEndPaused().getTicket();
    }
  }

  private static void attach(RawPeer raw, long ticket) {
    raw.control(
        Control.newBuilder()
            .setAttachEnd(
                AttachEnd.newBuilder().setTicket(ticket).setChannel(1).setMessages(10).setBytes(1_000))
            .build());
  }
}
