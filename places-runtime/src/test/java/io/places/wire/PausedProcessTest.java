package io.places.wire;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.Clock;
import io.places.Spawner;
import io.places.Surroundings;
import io.places.wire.proto.Control;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import org.junit.jupiter.api.Test;

/** A process that stood still says nothing on its old connections. */
class PausedProcessTest {
  private static final int SEED = 5;

  /** A clock that can leap, which the heartbeat's thread sees at once, and that keeps that waiting while it is frozen. */
  private static final class LeapingClock implements Clock {
    private static final long LOOK = 10_000_000;

    private final Semaphore waits = new Semaphore(0); // the heartbeat's thread begins to: it has just looked at the time
    private volatile long leapt;
    private volatile boolean frozen;
    private volatile boolean beats; // the heartbeat's thread does anything but wait

    /** From the next heartbeat on its thread stands still where it waits; returns when it is there. */
    void freeze() throws InterruptedException {
      waits.drainPermits();
      assertThat(waits.tryAcquire(20, TimeUnit.SECONDS)).isTrue();
      frozen = true;
      while (beats) {
        Thread.onSpinWait();
      }
    }

    @Override
    public long nanoTime() {
      return System.nanoTime() + leapt;
    }

    @Override
    public Instant now() {
      return Instant.now();
    }

    @Override
    @SuppressWarnings("WaitNotInLoop") // the caller's
    public long await(Condition condition, long nanos) throws InterruptedException {
      if (!Thread.currentThread().getName().equals("places-heartbeat")) {
        return condition.awaitNanos(nanos);
      }
      long end = nanoTime() + nanos;
      waits.release();
      boolean signalled;
      do {
        beats = false;
        signalled = condition.awaitNanos(LOOK) > 0;
        beats = true;
        // The first is looked at after it was said that it beats: who freezes it sees that, or this does.
      } while (frozen || (!signalled && nanoTime() - end < 0));
      return end - nanoTime();
    }

    @Override
    public void park(Object blocker, long nanos) {
      throw new UnsupportedOperationException("nobody parks here");
    }
  }

  /** What one side hears. */
  private static final class Ear implements ConnectionListener {
    final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    final CompletableFuture<Connection> connection = new CompletableFuture<>();
    final CompletableFuture<String> end = new CompletableFuture<>();

    @Override
    public void opened(Connection opened) {
      connection.complete(opened);
    }

    @Override
    public void control(Connection from, Control message) {
      heard.add(message.toString());
    }

    @Override
    public void data(Connection from, long channel, int marks, byte[] message, int size) {
      heard.add(new String(message, 0, size, StandardCharsets.UTF_8));
    }

    @Override
    public void credit(Connection from, long channel, long messages, long bytes) {
      heard.add("credit");
    }

    @Override
    public void closed(Connection over, String reason, boolean mayStillRun) {
      end.complete(reason + (mayStillRun ? ", the peer may still run" : ""));
    }
  }

  @Test
  void nothingLeavesBetweenTheEndOfALongPauseAndTheEndOfTheConnection() throws Exception {
    var clock = new LeapingClock();
    var random = new Random(SEED);
    var key = ClusterKey.random(random);
    var paused = new Surroundings(clock, Spawner.system(), random);
    var awake = new Surroundings(Clock.system(), Spawner.system(), random);
    var ofPaused = new Ear();
    var ofAwake = new Ear();
    try (var pausedWire =
            new Wire(
                paused,
                new VertxTransport(),
                key,
                "paused",
                new NodeIdentity(new UUID(1, 1), 1),
                ofPaused);
        var awakeWire =
            new Wire(
                awake,
                new VertxTransport(),
                key,
                "awake",
                new NodeIdentity(new UUID(2, 2), 1),
                ofAwake)) {
      InetSocketAddress address =
          awakeWire.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      Connection connection = pausedWire.connect(address, Duration.ofSeconds(10));
      say(connection, "before");
      assertThat(ofAwake.heard.poll(10, TimeUnit.SECONDS)).isEqualTo("before");

      clock.freeze();
      clock.leapt = Duration.ofSeconds(8).toNanos();
      say(connection, "after");
      connection.credit(8, 1, 1);
      assertThat(ofPaused.end).isNotDone();
      clock.frozen = false;

      assertThat(ofPaused.end.get(10, TimeUnit.SECONDS))
          .matches( // 8 s, and what has passed since its last heartbeat, which was just before
              "was closed here because this process stood still for [89]\\.\\d s, and after 7 s its peers"
                  + " give it up, the peer may still run");
      assertThat(ofAwake.end.get(10, TimeUnit.SECONDS)).startsWith("was closed by the peer");
      assertThat(ofAwake.heard).isEmpty();

      Ear again = ofAwake; // the process may connect anew
      Connection anew = pausedWire.connect(address, Duration.ofSeconds(10));
      say(anew, "anew");
      assertThat(again.heard.poll(10, TimeUnit.SECONDS)).isEqualTo("anew");
    }
  }

  private static void say(Connection to, String word) {
    byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
    to.data(8, 8, 0, 0, bytes, 0, bytes.length);
  }
}
