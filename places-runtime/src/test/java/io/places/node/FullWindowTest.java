package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.NodeLostException;
import io.places.PutTimeoutException;
import io.places.channel.PlaceChannel;
import io.places.cluster.LocalCluster;
import io.places.place.Place;
import io.places.wire.Connection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What is sent while messages that nobody has got use up all that one connection may hold. */
@Timeout(60)
class FullWindowTest {
  private static final Duration SOON = Duration.ofSeconds(20);

  /** Of each place that reads late. */
  private static List<Semaphore> mayRead = List.of();

  private final LocalCluster cluster = LocalCluster.inJvm(1);
  private final byte[] answer = new byte[2 * Connection.SMALL_MESSAGE];
  private List<Place<byte[], Void>> readers = List.of();

  static void readsLate(PlaceChannel<Void, byte[]> channel, Integer number)
      throws InterruptedException {
    while (true) {
      mayRead.get(number).acquire();
      channel.get();
    }
  }

  static void asks(PlaceChannel<String, byte[]> channel) {
    byte[] answer = channel.ask("how long?", SOON);
    channel.put(channel.poll().isPresent() ? "an answer came twice" : answer.length + " bytes");
    channel.get();
  }

  /** When the first reader has got its message there still is no room. */
  @BeforeEach
  void useItUp() {
    mayRead = Stream.generate(() -> new Semaphore(0)).limit(3).toList();
    readers =
        Stream.of(0, 1, 2)
            .map(number -> cluster.node(1).place(FullWindowTest::readsLate, number))
            .toList();
    int window = (int) Connection.window();
    readers.get(0).put(new byte[window / 5]);
    readers.get(1).put(new byte[window / 2]);
    readers.get(2).put(new byte[window / 2]);
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  @Test
  void anAnswerThatWasNotSentIsStillTheAnswerWhenItIs() {
    Place<byte[], String> asking = cluster.node(1).place(FullWindowTest::asks);
    assertThat(asking.get(SOON)).isEqualTo("how long?");
    assertThat(asking.offer(answer)).isFalse();
    assertThatThrownBy(() -> asking.put(answer, Duration.ofMillis(10)))
        .isInstanceOf(PutTimeoutException.class);
    mayRead.getLast().release();
    asking.put(answer);
    assertThat(asking.get(SOON)).isEqualTo(answer.length + " bytes");
  }

  @Test
  void whoWaitsToSendAnAnswerHearsOfTheLossOfTheNode() throws Exception {
    Place<byte[], String> asking = cluster.node(1).place(FullWindowTest::asks);
    var failure = new CompletableFuture<Throwable>();
    var got = new CountDownLatch(1);
    Thread answering =
        Thread.ofPlatform()
            .start(
                () -> {
                  try {
                    asking.get(SOON);
                    got.countDown();
                    asking.put(answer, SOON);
                    failure.complete(new AssertionError("it was sent"));
                  } catch (RuntimeException e) {
                    failure.complete(e);
                  }
                });
    assertThat(got.await(20, TimeUnit.SECONDS)).isTrue();
    while (answering.getState() != Thread.State.TIMED_WAITING) {
      Thread.onSpinWait();
    }
    cluster.kill(1);
    assertThat(failure.get(20, TimeUnit.SECONDS)).isInstanceOf(NodeLostException.class);
  }

  @Test
  void aPutWaitsForItsReaderAndForTheConnectionNoLongerThanItIsToldTogether() throws Exception {
    var limit = Duration.ofMillis(1_500);
    var end = new CompletableFuture<Long>();
    long start = System.nanoTime();
    Thread putting =
        Thread.ofPlatform()
            .uncaughtExceptionHandler((thread, e) -> end.completeExceptionally(e))
            .start(
                () -> {
                  assertThatThrownBy(() -> readers.getFirst().put(answer, limit))
                      .isInstanceOf(PutTimeoutException.class);
                  end.complete(System.nanoTime());
                });
    while (putting.getState() != Thread.State.TIMED_WAITING && putting.isAlive()) {
      Thread.onSpinWait();
    }
    LockSupport.parkNanos(1_200_000_000); // most of the time goes by for want of credit
    long released = System.nanoTime();
    mayRead.getFirst().release();
    assertThat(Duration.ofNanos(end.get(20, TimeUnit.SECONDS) - start)).isGreaterThanOrEqualTo(limit);
    assertThat(Duration.ofNanos(end.join() - released)).isLessThan(limit);
  }
}
