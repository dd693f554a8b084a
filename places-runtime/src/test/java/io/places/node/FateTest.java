package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.NodeLostException;
import io.places.channel.PlaceChannel;
import io.places.launch.LaunchedProcess;
import io.places.place.Place;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A node whose connection is over, and whose process takes its time to end. */
class FateTest {
  private static final Duration SOON = Duration.ofSeconds(20);
  private static final CountDownLatch ASKED = new CountDownLatch(1);
  private static final CountDownLatch ENDED = new CountDownLatch(1);

  private record Lingering(LaunchedProcess node) implements LaunchedProcess {
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
      node.kill();
    }

    @Override
    public String fate() {
      ASKED.countDown();
      try {
        return ENDED.await(20, TimeUnit.SECONDS) ? "its process ended at last" : "its process never ended";
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    }
  }

  static void endsItsNodeWithoutAWord(PlaceChannel<Void, String> creator) {
    creator.get();
    Node.current().abort();
  }

  @Test
  void holdsUpNobodyButThoseWhoAskWhatBecameOfIt() throws Exception {
    try (Node owner = Node.start();
        RemoteNode other = owner.launch("other", Node.inThisJvm())) {
      RemoteNode lingering =
          owner.launch("lingering", process -> new Lingering(Node.inThisJvm().launch(process)));
      Place<String, String> echo = other.place(Bodies::echo);
      Place<String, String> silent = lingering.place(Bodies::silent);
      lingering.place(FateTest::endsItsNodeWithoutAWord).put("now");
      assertThat(ASKED.await(20, TimeUnit.SECONDS)).isTrue();

      assertThat(echo.ask("meanwhile", SOON)).isEqualTo("meanwhile");
      assertThat(ENDED.getCount()).isEqualTo(1);

      ENDED.countDown();
      assertThatThrownBy(() -> silent.get(SOON))
          .isInstanceOf(NodeLostException.class)
          .hasMessageContaining("its process ended at last");
    }
  }
}
