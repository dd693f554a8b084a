package io.places.mapreduce;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Takes pairs in the order of partition and key and makes them into runs, one for each partition, round
 * after round: {@link #begin}, then {@link #writer} for each partition that has pairs, then {@link #end}.
 */
final class RunSink {
  private final boolean packed;
  private final RunStore store;
  private final Tally tally;
  private final List<List<Run>> runs = new ArrayList<>();

  /** Of the round; null if it is kept in memory. */
  private @Nullable SpillFile file;

  private long taken;
  private long written;

  private @Nullable RunWriter writer;
  private List<byte[]> chunks = new ArrayList<>();
  private long at;
  private int partition;

  RunSink(int partitions, boolean packed, RunStore store, Tally tally) {
    this.packed = packed;
    this.store = store;
    this.tally = tally;
    for (int i = 0; i < partitions; i++) {
      runs.add(new ArrayList<>(1));
    }
  }

  /** Begins a round of about so many bytes. */
  void begin(long bytes) {
    taken = store.takeMemory(bytes) ? bytes : 0;
    file = bytes > 0 && taken == 0 ? store.file() : null;
    written = 0;
  }

  /** Where the pairs of a partition go until another partition is asked for. */
  RunWriter writer(int newPartition) {
    if (writer == null || partition != newPartition) {
      endRun();
      partition = newPartition;
      writer = file == null ? inMemory() : onDisk(file);
    }
    return writer;
  }

  void end() {
    endRun();
    if (file != null) {
      tally.add(TaskCounter.SPILLED_BYTES, written);
    } else if (taken > written) {
      store.giveMemory(taken - written);
    }
  }

  /** The runs by partition, each partition's in the order in which they were made. */
  List<List<Run>> runs() {
    return runs.stream().map(List::copyOf).toList();
  }

  private RunWriter inMemory() {
    chunks = new ArrayList<>();
    return new RunWriter(packed, chunks::add);
  }

  private RunWriter onDisk(SpillFile to) {
    at = to.length();
    return new RunWriter(packed, to::append);
  }

  private void endRun() {
    if (writer == null) {
      return;
    }
    writer.finish();
    written += writer.bytes();
    runs.get(partition)
        .add(
            file == null
                ? new MemoryRun(chunks, writer.entries(), writer.bytes())
                : new SpilledRun(file, at, writer.entries(), writer.bytes()));
    writer = null;
  }
}
