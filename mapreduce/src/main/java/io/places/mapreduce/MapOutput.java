package io.places.mapreduce;

import java.util.List;

/**
 * What a finished map task has made. Its runs can be read until it is closed.
 *
 * @param runs by partition; each partition has none, one or several
 */
record MapOutput(List<List<Run>> runs, Counters counters, RunStore store) implements AutoCloseable {

  /** Gives back memory and disk. */
  @Override
  public void close() {
    store.close();
  }
}
