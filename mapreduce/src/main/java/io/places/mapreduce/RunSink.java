package io.places.mapreduce;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes pairs in the order of partition and key and makes them into runs: one for each partition,
 * until {@link #closeRun} begins a new round.
 */
final class RunSink {
  private final List<List<Run>> runs = new ArrayList<>();
  private @Nullable RunWriter writer;
  private int partition;

  RunSink(int partitions) {
    for (int i = 0; i < partitions; i++) {
      runs.add(new ArrayList<>(1));
    }
  }

  /** Where the pairs of a partition go until another partition is asked for. */
  RunWriter writer(int newPartition) {
    if (writer == null || partition != newPartition) {
      closeRun();
      writer = new RunWriter();
      partition = newPartition;
    }
    return writer;
  }

  /** Ends the run being written, if any. */
  void closeRun() {
    if (writer != null) {
      runs.get(partition).add(writer.finish());
      writer = null;
    }
  }

  /** The runs by partition, each partition's in the order in which they were made. */
  List<List<Run>> runs() {
    return runs.stream().map(List::copyOf).toList();
  }
}
