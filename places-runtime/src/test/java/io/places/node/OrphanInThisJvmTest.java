package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.NodeLostException;
import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import io.places.launch.LaunchedProcess;
import io.places.launch.Launcher;
import io.places.place.Place;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A node of this JVM whose owner is gone. */
class OrphanInThisJvmTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private static final CompletableFuture<String> ENDED = new CompletableFuture<>();

  static void tellsOfItsEnd(PlaceChannel<String, String> channel) {
    channel.put("here");
    try {
      channel.get();
    } catch (PlacesException e) {
      ENDED.complete(e.getClass().getSimpleName());
      throw e;
    }
  }

  /** As a node of this JVM, which its owner reaches by a way that can be cut. */
  private record Behind(LaunchedProcess node, Relay way) implements LaunchedProcess {
    @Override
    public InetSocketAddress address() {
      return way.address();
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
      return node.fate();
    }
  }

  @Test
  void itEndsWithin10SecondsWithAllItsPlaces() throws Exception {
    var way = new CompletableFuture<Relay>();
    var there = new CompletableFuture<InetSocketAddress>();
    Launcher launcher =
        process -> {
          LaunchedProcess node = Node.inThisJvm().launch(process);
          there.complete(node.address());
          way.complete(new Relay(node.address()));
          return new Behind(node, way.join());
        };
    try (Node owner = Node.start()) {
      RemoteNode child = owner.launch(launcher);
      Place<String, String> place = child.place(OrphanInThisJvmTest::tellsOfItsEnd);
      assertThat(place.get(SOON)).isEqualTo("here");

      way.join().reset();
      assertThatThrownBy(() -> place.get(SOON)).isInstanceOf(NodeLostException.class);
      assertThat(ENDED.get(10, TimeUnit.SECONDS)).isNotEmpty();
      long start = System.nanoTime();
      while (isThere(owner, there.join())) {
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
      }
    } finally {
      way.join().close();
    }
  }

  private static boolean isThere(Node from, InetSocketAddress address) {
    try (RemoteNode again = from.connect(address)) {
      return again.isAlive();
    } catch (PlacesException e) {
      return false;
    }
  }
}
