package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.Clock;
import io.places.LaunchException;
import io.places.PlaceFailedException;
import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.Spawner;
import io.places.Surroundings;
import io.places.channel.PlaceChannel;
import io.places.event.Event;
import io.places.node.NodeStatus.PlaceStatus;
import io.places.place.Isolation;
import io.places.place.Place;
import io.places.place.PlaceDeath;
import io.places.place.Spawn;
import io.places.wire.ClusterKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A node whose system gives it no further thread, as by {@code ulimit -u} or the pids of a cgroup, or a late one. */
class FewThreadsTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final NodeOptions options =
      NodeOptions.standard().key(ClusterKey.random(new SecureRandom())).allow("io.places.node");

  /** The JVM's threads, as long as there are any for places. */
  private static final class Scarce implements Spawner {
    volatile boolean none;
    final CountDownLatch some;

    Scarce(int held) {
      some = new CountDownLatch(held);
    }

    @Override
    public Thread platform(String name, Runnable task) {
      return Spawner.system().platform(name, task);
    }

    @Override
    public Thread platform(ThreadGroup group, String name, Runnable task) {
      if (none) {
        throw new OutOfMemoryError("unable to create native thread");
      }
      try {
        assertThat(some.await(20, TimeUnit.SECONDS)).isTrue();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
      return Spawner.system().platform(group, name, task);
    }

    @Override
    public Thread virtual(String name, Runnable task) {
      return Spawner.system().virtual(name, task);
    }
  }

  @Test
  void newPlacesAreRefusedThoseThereAreGoOnAndNewOnesStartAfterwards() {
    var threads = new Scarce(0);
    var surroundings = new Surroundings(Clock.system(), threads, new SecureRandom());
    try (Node scarce = Node.start(options.name("scarce").surroundings(surroundings));
        Node other = Node.start(options.name("other"))) {
      RemoteNode remote = other.connect(scarce.address());
      Place<String, String> before = remote.place(Bodies::echo);
      assertThat(before.ask("before", SOON)).isEqualTo("before");

      threads.none = true;
      assertThatThrownBy(() -> scarce.place(Bodies::echo))
          .isInstanceOf(LaunchException.class)
          .hasMessageContainingAll("on node scarce cannot start", "no thread", "ulimit -u", "VIRTUAL");
      assertThatThrownBy(() -> scarce.place(Spawn.named("shouting"), Bodies::shouting))
          .isInstanceOf(LaunchException.class);

      Place<String, String> refused = remote.place(Bodies::echo);
      assertThat(Event.sync(refused.deadEvent()).reason()).isEqualTo(PlaceDeath.Reason.EXCEPTION);
      assertThat(refused.join(SOON)).isEqualTo(1);
      assertThatThrownBy(() -> refused.get(SOON))
          .isInstanceOf(PlacesException.class)
          .satisfies(e -> assertThat(e instanceof PlaceFailedException ? e : e.getCause())
              .isInstanceOf(PlaceFailedException.class)
              .hasMessageContainingAll("on node scarce", "no thread"));
      Place<?, ?> refusedName = remote.place(Spawn.named("shouting"), Bodies::shouting);
      assertThat(refusedName.join(SOON)).isEqualTo(1);

      assertThat(before.ask("meanwhile", SOON)).isEqualTo("meanwhile");
      assertThat(remote.place(Spawn.isolated(Isolation.VIRTUAL), Bodies::echo).ask("virtual", SOON)).isEqualTo("virtual");
      assertThat(scarce.status().names().rows()).isEmpty();

      threads.none = false;
      remote.place(Spawn.named("shouting"), Bodies::shouting);
      assertThat(scarce.place(Bodies::echo).ask("afterwards", SOON)).isEqualTo("afterwards");
    }
  }

  @Test
  void aPlaceWhoseCreatorKnowsOfItIsListedBeforeItHasItsThread() {
    var threads = new Scarce(1);
    var surroundings = new Surroundings(Clock.system(), threads, new SecureRandom());
    try (Node late = Node.start(options.name("late").surroundings(surroundings));
        Node other = Node.start(options.name("other"))) {
      RemoteNode remote = other.connect(late.address());
      remote.place(Spawn.named("shouting"), Bodies::shouting);
      try (var client = remote.named("shouting", String.class, String.class)) {
        assertThat(remote.status().places().rows())
            .extracting(PlaceStatus::place)
            .containsExactly("shouting");

        threads.some.countDown();
        client.put("there");
        assertThat(client.get(SOON)).isEqualTo("THERE");
      } finally {
        threads.some.countDown();
      }
    }
  }

  static void tellsOfItsInterrupt(PlaceChannel<String, Void> creator) {
    try {
      creator.get();
    } catch (PlaceInterruptedException e) {
      creator.put("told to end: " + e.kind());
    }
  }

  @Test
  void aPlaceThatIsToldToEndBeforeItHasItsThreadHearsOfItThen() throws Exception {
    var threads = new Scarce(1);
    var surroundings = new Surroundings(Clock.system(), threads, new SecureRandom());
    try (Node late = Node.start(options.name("late").surroundings(surroundings));
        Node other = Node.start(options.name("other"))) {
      RemoteNode remote = other.connect(late.address());
      Place<Void, String> place = remote.place(FewThreadsTest::tellsOfItsInterrupt);
      try {
        Thread terminating = Thread.startVirtualThread(() -> late.terminate(SOON));
        while (terminating.getState() != Thread.State.TIMED_WAITING && terminating.isAlive()) {
          Thread.onSpinWait(); // until it has told the place, and waits for its end
        }
        threads.some.countDown();
        assertThat(place.get(SOON)).isEqualTo("told to end: TERMINATE");
        terminating.join();
      } finally {
        threads.some.countDown();
      }
    }
  }
}
