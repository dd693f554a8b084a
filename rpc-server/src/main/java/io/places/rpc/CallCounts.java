package io.places.rpc;

import io.places.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;

/** An interceptor that counts calls, failures and how long they took, by method. */
public final class CallCounts implements Interceptor {
  private final Clock clock = Clock.system();
  private final Map<String, Counter> counters = new ConcurrentHashMap<>();

  /**
   * What was counted.
   *
   * @param calls that have ended, failed ones too
   * @param failures how many of them failed
   * @param total the time that they took together
   * @param slowest the time of the slowest one
   */
  public record Counts(long calls, long failures, Duration total, Duration slowest) {
    /** The time that a call took on average; zero if there was none. */
    public Duration average() {
      return calls == 0 ? Duration.ZERO : total.dividedBy(calls);
    }
  }

  private static final class Counter {
    private final LongAdder calls = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder nanos = new LongAdder();
    private final LongAccumulator slowest = new LongAccumulator(Long::max, 0);

    Counts counts() {
      return new Counts(
          calls.sum(),
          failures.sum(),
          Duration.ofNanos(nanos.sum()),
          Duration.ofNanos(slowest.get()));
    }
  }

  @Override
  public Ended before(InterceptedCall call) {
    Counter counter = counters.computeIfAbsent(call.method(), method -> new Counter());
    long start = clock.nanoTime();
    return failure -> {
      long took = clock.nanoTime() - start;
      counter.nanos.add(took);
      counter.slowest.accumulate(took);
      if (failure.isPresent()) {
        counter.failures.increment();
      }
      counter.calls.increment();
    };
  }

  /** What was counted of a method so far. */
  public Counts of(String method) {
    return counters.getOrDefault(method, new Counter()).counts();
  }

  /** What was counted so far, by method, in the order of their names. */
  public Map<String, Counts> all() {
    Map<String, Counts> all = new TreeMap<>();
    counters.forEach((method, counter) -> all.put(method, counter.counts()));
    return all;
  }
}
