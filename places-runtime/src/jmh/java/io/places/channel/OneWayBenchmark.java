package io.places.channel;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** One thread sends small messages, another receives them, both as fast as they can. */
@State(Scope.Thread)
public class OneWayBenchmark {
  static final int MESSAGES = 200_000;

  /** A hundred bytes, as small messages often are; strings go by reference everywhere here. */
  static final String MESSAGE = "m".repeat(100);

  @Param public Threads threads = Threads.VIRTUAL;

  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void channel() throws InterruptedException {
    var ends = PlaceChannel.pair(String.class, String.class);
    threads.runBoth(
        () -> {
          for (int i = 0; i < MESSAGES; i++) {
            ends.first().put(MESSAGE);
          }
        },
        () -> {
          for (int i = 0; i < MESSAGES; i++) {
            ends.second().get();
          }
        });
  }

  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void linkedTransferQueue() throws InterruptedException {
    queue(new LinkedTransferQueue<>());
  }

  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void linkedBlockingQueue() throws InterruptedException {
    queue(new LinkedBlockingQueue<>());
  }

  /** Bounded like a channel. */
  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void boundedQueue() throws InterruptedException {
    queue(new LinkedBlockingQueue<>(PlaceChannel.CREDIT_MESSAGES));
  }

  private void queue(BlockingQueue<String> queue) throws InterruptedException {
    threads.runBoth(
        () -> {
          for (int i = 0; i < MESSAGES; i++) {
            queue.put(MESSAGE);
          }
        },
        () -> {
          for (int i = 0; i < MESSAGES; i++) {
            queue.take();
          }
        });
  }
}
