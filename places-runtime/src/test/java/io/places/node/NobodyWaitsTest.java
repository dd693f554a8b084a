package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.ChannelClosedException;
import io.places.Clock;
import io.places.NodeLostException;
import io.places.PlaceInterruptedException;
import io.places.Spawner;
import io.places.Surroundings;
import io.places.channel.PlaceChannel;
import io.places.place.Spawn;
import io.places.wire.ClusterKey;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What another node has done by the time that whoever asked for it does not wait any more. */
class NobodyWaitsTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  private final NodeOptions options =
      NodeOptions.standard().key(ClusterKey.random(new SecureRandom())).allow("io.places.node");

  private final Node node = Node.start(options.name("asking"));
  private final Node other = Node.start(options.name("asked"));
  private final Relay way = new Relay(other.address());
  private RemoteNode remote;

  @BeforeEach
  void connect() {
    remote = node.connect(way.address());
    way.cutBack(); // what is asked for is done, and the answer does not come
  }

  @AfterEach
  void close() {
    way.close();
    node.close();
    other.close();
  }

  @Test
  void aPlaceWhoseCreatorWasInterruptedWhileItWasStartedIsEnded() throws Exception {
    interrupted(
        () -> remote.place(Spawn.named("orphan"), Bodies::shouting),
        () -> !other.status().places().rows().isEmpty());
    assertThat(other.names()).containsExactly("orphan");

    way.heal();

    await(() -> other.names().isEmpty()); // a name is freed last
    assertThat(other.status().places().rows()).isEmpty();
  }

  private static final CountDownLatch LET_IN = new CountDownLatch(1);
  private static final CompletableFuture<String> WHY = new CompletableFuture<>();

  static void servesOne(PlaceChannel<Void, PlaceChannel<String, String>> clients) {
    PlaceChannel<String, String> client = clients.get();
    LET_IN.countDown();
    try {
      client.get();
    } catch (ChannelClosedException e) {
      WHY.complete(e.getMessage());
    }
  }

  @Test
  void aPlaceWhoseClientWasInterruptedWhileItWasLetInIsTold() throws Exception {
    other.place(Spawn.named("serving"), NobodyWaitsTest::servesOne);
    interrupted(
        () -> remote.named("serving", String.class, String.class), () -> LET_IN.getCount() == 0);

    way.heal();

    assertThat(WHY.get(20, TimeUnit.SECONDS)).contains("waits no more");
  }

  /** The JVM's threads; keeps the one in which a client waits for a name. */
  private static final class Keeping implements Spawner {
    private final CompletableFuture<Thread> waiting = new CompletableFuture<>();

    @Override
    public Thread platform(String name, Runnable task) {
      return Spawner.system().platform(name, task);
    }

    @Override
    public Thread platform(ThreadGroup group, String name, Runnable task) {
      return Spawner.system().platform(group, name, task);
    }

    @Override
    public Thread virtual(String name, Runnable task) {
      Thread thread = Spawner.system().virtual(name, task);
      if (name.equals("places-named")) {
        waiting.complete(thread);
      }
      return thread;
    }
  }

  @Test
  @SuppressWarnings("try") // that it is closed early is what is tested
  void noThreadWaitsForTheNameThatAClientWantedWhoseNodeIsGone() throws Exception {
    var threads = new Keeping();
    var surroundings = new Surroundings(Clock.system(), threads, new SecureRandom());
    try (Node late = Node.start(options.name("late").surroundings(surroundings));
        Node gone = Node.start(options.name("gone"))) {
      RemoteNode known = gone.connect(late.address());
      Thread.startVirtualThread(
          () ->
              assertThatThrownBy(
                      () -> known.named("nobody", String.class, String.class, Duration.ofHours(1)))
                  .isInstanceOf(NodeLostException.class));
      Thread waiting = threads.waiting.get(20, TimeUnit.SECONDS);
      await(() -> waiting.getState() == Thread.State.TIMED_WAITING);
      gone.close();
      assertThat(waiting.join(SOON)).isTrue();
    }
  }

  /** Has a thread ask for something, and interrupts it when that is done. */
  private static void interrupted(Runnable request, BooleanSupplier isDone) throws Exception {
    var failure = new CompletableFuture<Throwable>();
    Thread asking =
        Thread.ofVirtual()
            .uncaughtExceptionHandler((thread, e) -> failure.complete(e))
            .start(request);
    await(isDone);
    asking.interrupt();
    assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(PlaceInterruptedException.class);
  }

  private static void await(BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - start).isLessThan(SOON.toNanos());
      Thread.onSpinWait();
    }
  }
}
