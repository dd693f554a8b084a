package io.places.supervise;

import io.places.place.Place;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * A program that is started anew when it ends, as its {@link Restart} says. Safe for use by many threads.
 */
public final class SupervisedProgram implements AutoCloseable {
  private final SupervisedPlace<Void, Long> place;
  private final Map<Place<Void, Long>, Long> ids = Collections.synchronizedMap(new WeakHashMap<>());

  SupervisedProgram(SupervisedPlace<Void, Long> place) {
    this.place = place;
  }

  /** The number of the present run, 1 for the first; of the last one between two. */
  public long epoch() {
    return place.epoch();
  }

  /** Whether it runs now. */
  public boolean isUp() {
    return place.isUp();
  }

  /**
   * The process id of the present run on its machine; of the last one between two.
   *
   * @throws io.places.GetTimeoutException if it was not known in time
   * @throws io.places.ChannelClosedException if it could not be run
   */
  public long processId(Duration limit) {
    Place<Void, Long> run = place.place();
    return ids.computeIfAbsent(run, absent -> run.get(limit));
  }

  /**
   * Waits until there will be no further run.
   *
   * @return the exit code of the last one
   * @throws GaveUpException if it ended too often
   */
  public int join() {
    return place.join();
  }

  /** Ends the program and what it has started, and does not start it anew: by SIGTERM, 2 s later by SIGKILL. */
  @Override
  public void close() {
    place.close();
  }

  @Override
  public String toString() {
    return place.toString();
  }
}
