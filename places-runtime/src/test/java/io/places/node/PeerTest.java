package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.PlacesException;
import io.places.Surroundings;
import io.places.wire.ClusterKey;
import io.places.wire.Connection;
import io.places.wire.ConnectionListener;
import io.places.wire.NodeIdentity;
import io.places.wire.Wire;
import io.places.wire.proto.Control;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What threads that come at the same moment do to the tables of one connection. */
class PeerTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final ClusterKey key = ClusterKey.random(new SecureRandom());
  private final Surroundings surroundings = Surroundings.system();
  private final NodeIdentity self = new NodeIdentity(new UUID(1, 1), 1);
  private final Node node = Node.start(NodeOptions.standard().key(key));
  private final CountDownLatch mayBeTold = new CountDownLatch(1);
  private final Wire wire =
      new Wire(surroundings, NodeOptions.standard().transport().get(), key, "self", self, new SlowToTell());
  private Peer peer;

  /** The end of the connection is told to the peer's tables when the test says so. */
  private final class SlowToTell implements ConnectionListener {
    @Override
    public void opened(Connection connection) {}

    @Override
    public void control(Connection connection, Control message) {}

    @Override
    public void data(Connection connection, long channel, int marks, byte[] message, int size) {}

    @Override
    public void credit(Connection connection, long channel, long messages, long bytes) {}

    @Override
    public void closed(Connection connection, String reason, boolean mayStillRun) {
      try {
        mayBeTold.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
      peer.lost(reason, mayStillRun);
    }
  }

  @BeforeEach
  void connect() {
    Connection connection = wire.connect(node.address(), SOON);
    var peers =
        new Peers(
            self,
            surroundings,
            (to, limit) -> {
              throw new AssertionError("nothing else is connected");
            });
    peer = new Peer(connection, new Moves("self", surroundings, () -> new NodeAt(self, "", 0), peers), surroundings);
    peer.use();
  }

  @AfterEach
  void close() {
    mayBeTold.countDown();
    wire.close();
    node.close();
  }

  @Test
  void thoseWhoWaitForNamesAreNeverMoreThanThereMayBeChannels() throws Exception {
    int most = comeUntilRefused();
    leave(most);
    for (int round = 0; round < 50; round++) {
      var begun = new AtomicInteger();
      var came = new AtomicInteger();
      Runnable comes =
          () -> {
            begun.incrementAndGet();
            while (begun.get() < 2) {
              Thread.onSpinWait();
            }
            came.addAndGet(comeUntilRefused());
          };
      Thread one = Thread.ofPlatform().start(comes);
      Thread two = Thread.ofPlatform().start(comes);
      one.join();
      two.join();
      assertThat(came.get()).as("in round %d", round).isBetween(most - 1, most); // both may be refused the last place
      leave(came.get());
      assertThat(peer.openChannels()).isZero();
    }
  }

  private int comeUntilRefused() {
    int came = 0;
    try {
      while (true) {
        peer.waits();
        came++;
      }
    } catch (PlacesException e) {
      assertThat(e).hasMessageContaining("open channels with this node, the most there may be");
    }
    return came;
  }

  private void leave(int count) {
    for (int i = 0; i < count; i++) {
      peer.waitsNoMore();
    }
  }

  @Test
  void whoLeavesAConnectionThatIsJustEndingReturnsWhenItsEndIsKnown() throws Exception {
    Thread ending = Thread.ofPlatform().start(() -> peer.connection().close("ends by itself"));
    while (!peer.connection().isOver()) {
      Thread.onSpinWait();
    }
    Thread leaving = Thread.ofPlatform().start(peer::release);
    while (leaving.isAlive() && leaving.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    assertThat(leaving.isAlive()).isTrue();
    mayBeTold.countDown();
    leaving.join();
    assertThat(peer.isLost()).isTrue();
    ending.join();
  }
}
