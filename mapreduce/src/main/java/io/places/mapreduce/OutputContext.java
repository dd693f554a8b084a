package io.places.mapreduce;

import io.places.PlaceInterruptedException;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;

/** Hands the pairs of a reducer, or of a mapper without reducers, to the writer of a part. */
final class OutputContext<K, V> extends TaskContext<K, V> {
  private final Tally tally;
  private final PartWriters writers;

  OutputContext(JobFacts facts, Tally tally, PartWriters writers) {
    super(facts, tally);
    this.tally = tally;
    this.writers = writers;
  }

  @Override
  void take(K key, V value) {
    takeNamed(PartWriters.MAIN, key, value);
  }

  @Override
  void takeNamed(String output, Object key, Object value) {
    try {
      writers.write(output, key, value);
    } catch (IOException e) {
      throw cannotWrite("the output", e);
    }
    tally.add(TaskCounter.OUTPUT_RECORDS, 1);
  }

  /** What writing fails with: a task that was stopped may learn of it here first. */
  static RuntimeException cannotWrite(String what, IOException e) {
    return e instanceof ClosedByInterruptException
        ? new PlaceInterruptedException("the task was stopped", e)
        : new OutputException("cannot write " + what + ": " + e, e);
  }
}
