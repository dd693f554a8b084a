package io.places.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.NodeLostException;
import io.places.PlacesException;
import io.places.node.Node;
import io.places.node.NodeOptions;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A second connection from a node whose first one is open here: which of them goes. */
class ReplacedConnectionTest {
  private final ClusterKey key = ClusterKey.random(new SecureRandom());
  private final UUID id = UUID.randomUUID();
  private final Node node = Node.start(NodeOptions.standard().key(key).allow("io.places.wire"));
  private final ClientWatch watch = ClientWatch.start(node);

  @AfterEach
  void close() {
    node.close();
  }

  /** As if the first had died on the way, and nobody had told this side. */
  @Test
  void aFreshConnectionOfTheSameLifeReplacesTheHalfOpenOne() throws Exception {
    try (RawPeer half = connect(1, true);
        RawPeer fresh = connect(1, true)) {
      assertThat(half.isClosedThere()).isTrue();
      assertThat(ended())
          .isInstanceOf(NodeLostException.class)
          .hasMessageContaining("the node there has opened a fresh one");
      assertServed(fresh);
    }
  }

  @Test
  void aSecondConnectionOfANodeThatKnowsOfTheFirstLeavesIt() throws Exception {
    try (RawPeer first = connect(1, true);
        RawPeer second = connect(1, false)) {
      assertServed(first);
      assertServed(second);
      assertThat(watch.ended()).isEmpty();
    }
  }

  @Test
  void aNewLifeEndsTheConnectionOfTheEarlierOne() throws Exception {
    try (RawPeer earlier = connect(1, true);
        RawPeer later = connect(2, false)) {
      assertThat(earlier.isClosedThere()).isTrue();
      assertThat(ended())
          .isInstanceOf(NodeLostException.class)
          .hasMessageContaining("the node there was started anew");
      assertServed(later);
    }
  }

  @Test
  void anEarlierLifeThatTurnsUpLateIsRefusedAndTheLaterOneServed() throws Exception {
    try (RawPeer later = connect(2, true);
        RawPeer earlier = new RawPeer(key, node.address(), new NodeIdentity(id, 1))) {
      assertThat(earlier.isClosedThere()).isTrue();
      assertServed(later);
      assertThat(watch.ended()).isEmpty();
    }
  }

  /** Connects as a life of the node, and has a client at the watching place. */
  private RawPeer connect(long incarnation, boolean only) throws IOException {
    var raw = new RawPeer(key, node.address(), new NodeIdentity(id, incarnation));
    raw.hello(only);
    raw.open(watch.name(), 1);
    return raw;
  }

  private void assertServed(RawPeer raw) throws IOException {
    raw.open(watch.name(), 3);
  }

  private PlacesException ended() throws InterruptedException {
    PlacesException end = watch.ended().poll(10, TimeUnit.SECONDS);
    assertThat(end).as("what a client of the replaced connection ended with").isNotNull();
    return end;
  }
}
