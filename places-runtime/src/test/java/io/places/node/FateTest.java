package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.NodeLostException;
import io.places.channel.PlaceChannel;
import io.places.launch.LaunchedProcess;
import io.places.launch.NodeProcess;
import io.places.place.Place;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A node whose connection is over, and whose process takes its time to end. */
class FateTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  private record Lingering(LaunchedProcess node, CountDownLatch asked, CountDownLatch ended)
      implements LaunchedProcess {
    @Override
    public InetSocketAddress address() {
      return node.address();
    }

    @Override
    public long processId() {
      return node.processId();
    }

    @Override
    public void end(Duration limit) {
      node.end(limit);
    }

    @Override
    public void kill() {
      Thread.ofPlatform().start(node::kill);
    }

    @Override
    public String fate() {
      asked.countDown();
      try {
        return ended.await(20, TimeUnit.SECONDS) ? "its process ended at last" : "its process never ended";
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  private Lingering linger(NodeProcess process) {
    return new Lingering(Node.inThisJvm().launch(process), asked, ended);
  }

  static void endsItsNodeWithoutAWord(PlaceChannel<Void, String> creator) {
    creator.get();
    Node.current().abort();
  }

  @Test
  void holdsUpNobodyButThoseWhoAskWhatBecameOfIt() throws Exception {
    try (Node owner = Node.start();
        RemoteNode other = owner.launch("other", Node.inThisJvm())) {
      RemoteNode lingering = owner.launch("lingering", this::linger);
      Place<String, String> echo = other.place(Bodies::echo);
      Place<String, String> silent = lingering.place(Bodies::silent);
      lingering.place(FateTest::endsItsNodeWithoutAWord).put("now");
      assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();

      assertThat(echo.ask("meanwhile", SOON)).isEqualTo("meanwhile");
      assertThat(ended.getCount()).isEqualTo(1);

      ended.countDown();
      assertThatThrownBy(() -> silent.get(SOON))
          .isInstanceOf(NodeLostException.class)
          .hasMessageContaining("its process ended at last");
    }
  }

  @Test
  void isNotTakenForAliveOnceItIsKilled() {
    try (Node owner = Node.start()) {
      RemoteNode lingering = owner.launch("lingering", this::linger);
      ended.countDown();
      lingering.kill();
      assertThat(lingering.isAlive()).isFalse();
    }
  }
}
