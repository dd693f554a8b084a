package io.places.mapreduce;

import java.util.HashMap;
import java.util.Map;

/** The counters of a running task. Used by the task's thread only. */
@SuppressWarnings("EnumOrdinal") // an index that is neither stored nor sent
final class Tally {
  private final long[] engine = new long[TaskCounter.values().length];
  private final Map<String, Long> users = new HashMap<>();

  void add(TaskCounter counter, long delta) {
    engine[counter.ordinal()] += delta;
  }

  void add(String name, long delta) {
    if (TaskCounter.isLabel(name)) {
      throw new IllegalArgumentException(
          "the counter '" + name + "' is kept by the engine: choose another name");
    }
    users.merge(name, delta, Math::addExact);
  }

  Counters snapshot() {
    Map<String, Long> values = new HashMap<>(users);
    for (TaskCounter counter : TaskCounter.values()) {
      values.put(counter.label(), engine[counter.ordinal()]);
    }
    return Counters.of(values);
  }
}
