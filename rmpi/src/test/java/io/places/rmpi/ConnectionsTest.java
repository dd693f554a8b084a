package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.Surroundings;
import io.places.channel.PlaceChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** Which way leads from one rank to another. */
class ConnectionsTest {
  private static final String FULL = "/dev/shm has 0 bytes free, and 5562368 are needed; free some";

  private final Queue<String> warnings = new ConcurrentLinkedQueue<>();

  private CompletableFuture<List<RemoteLink>> connect(int rank, PlaceChannel<Frame, Frame> toOther) {
    return CompletableFuture.supplyAsync(
        () -> {
          World world = new World(Surroundings.system(), rank, 2, false);
          Connections connections =
              new Connections(
                  world,
                  LinkKind.AUTO,
                  Duration.ofSeconds(20),
                  InetAddress.getLoopbackAddress(),
                  random -> {
                    throw new IOException(FULL);
                  },
                  warnings::add);
          connections.add(1 - rank, toOther);
          return connections.make();
        },
        task -> Thread.ofPlatform().daemon().start(task));
  }

  @Test
  void whereThereIsNoRoomForSharedMemoryItIsSaidAndConnectionsAreUsed() {
    var channel = PlaceChannel.pair(Frame.class, Frame.class);
    var lower = connect(0, channel.first());
    var higher = connect(1, channel.second());

    for (List<RemoteLink> links : List.of(lower.join(), higher.join())) {
      assertThat(links).hasOnlyElementsOfType(TcpLink.class).hasSize(1);
      ((TcpLink) links.getFirst()).lostForGood();
    }
    assertThat(warnings)
        .containsExactly(
            "rank 0 has no memory to share with the ranks of its host, and will use connections, which are slower: " + FULL);
  }
}
