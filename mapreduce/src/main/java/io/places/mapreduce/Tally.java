package io.places.mapreduce;

import java.util.HashMap;
import java.util.Map;

/** What a running task tells of itself: its counters, and what it is at. Used by the task's thread only. */
@SuppressWarnings("EnumOrdinal") // an index that is neither stored nor sent
final class Tally {
  private final TaskListener listener;
  private final long[] engine = new long[TaskCounter.values().length];
  private final Map<String, Long> users = new HashMap<>();

  /** For what is counted and not reported. */
  Tally() {
    this(TaskListener.NONE);
  }

  Tally(TaskListener listener) {
    this.listener = listener;
  }

  void status(String text) {
    listener.status(text);
  }

  void add(TaskCounter counter, long delta) {
    engine[counter.ordinal()] += delta;
  }

  void add(String name, long delta) {
    if (TaskCounter.isLabel(name)) {
      throw new IllegalArgumentException(
          "the counter '" + name + "' is kept by the engine: choose another name");
    }
    users.merge(name, delta, (left, right) -> Counters.sum(name, left, right));
  }

  Counters snapshot() {
    Map<String, Long> values = new HashMap<>(users);
    for (TaskCounter counter : TaskCounter.values()) {
      values.put(counter.label(), engine[counter.ordinal()]);
    }
    return Counters.of(values);
  }
}
