package io.places.channel;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.LinkedTransferQueue;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** One thread sends a small message, another sends it back; one message is under way at a time. */
@State(Scope.Thread)
public class RoundTripBenchmark {
  static final int ROUND_TRIPS = 10_000;

  private static final Duration LIMIT = Duration.ofSeconds(10);

  @Param public Threads threads = Threads.VIRTUAL;

  @Benchmark
  @OperationsPerInvocation(ROUND_TRIPS)
  public void channel() throws InterruptedException {
    var ends = PlaceChannel.pair(String.class, String.class);
    threads.runBoth(
        () -> {
          for (int i = 0; i < ROUND_TRIPS; i++) {
            ends.first().put(OneWayBenchmark.MESSAGE);
            ends.first().get();
          }
        },
        () -> echo(ends.second()));
  }

  @Benchmark
  @OperationsPerInvocation(ROUND_TRIPS)
  public void ask() throws InterruptedException {
    var ends = PlaceChannel.pair(String.class, String.class);
    threads.runBoth(
        () -> {
          for (int i = 0; i < ROUND_TRIPS; i++) {
            ends.first().ask(OneWayBenchmark.MESSAGE, LIMIT);
          }
        },
        () -> echo(ends.second()));
  }

  private static void echo(PlaceChannel<String, String> end) {
    for (int i = 0; i < ROUND_TRIPS; i++) {
      end.put(end.get());
    }
  }

  @Benchmark
  @OperationsPerInvocation(ROUND_TRIPS)
  public void linkedTransferQueue() throws InterruptedException {
    queues(new LinkedTransferQueue<>(), new LinkedTransferQueue<>());
  }

  @Benchmark
  @OperationsPerInvocation(ROUND_TRIPS)
  public void linkedBlockingQueue() throws InterruptedException {
    queues(new LinkedBlockingQueue<>(), new LinkedBlockingQueue<>());
  }

  private void queues(BlockingQueue<String> there, BlockingQueue<String> back)
      throws InterruptedException {
    threads.runBoth(
        () -> {
          for (int i = 0; i < ROUND_TRIPS; i++) {
            there.put(OneWayBenchmark.MESSAGE);
            back.take();
          }
        },
        () -> {
          for (int i = 0; i < ROUND_TRIPS; i++) {
            back.put(there.take());
          }
        });
  }
}
