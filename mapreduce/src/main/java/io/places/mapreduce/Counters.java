package io.places.mapreduce;

import io.places.PlacesException;
import io.places.mapreduce.proto.CounterValues;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a task or job has counted: the {@link TaskCounter}s and those of the user's classes. An
 * immutable snapshot.
 */
public final class Counters {
  /** Nothing counted. */
  public static final Counters NONE = new Counters(Map.of());

  /** The engine's own first, in the order of the enum, then the user's by name. */
  private final Map<String, Long> values;

  private Counters(Map<String, Long> values) {
    Map<String, Long> users = new TreeMap<>(values);
    Map<String, Long> ordered = new LinkedHashMap<>();
    for (TaskCounter counter : TaskCounter.values()) {
      Long value = users.remove(counter.label());
      ordered.put(counter.label(), value == null ? 0 : value);
    }
    ordered.putAll(users);
    this.values = Collections.unmodifiableMap(ordered);
  }

  static Counters of(Map<String, Long> values) {
    return new Counters(values);
  }

  static Counters of(CounterValues message) {
    return new Counters(message.getValuesMap());
  }

  /** The value of a counter; 0 if nothing was counted under that name. */
  public long get(String name) {
    return values.getOrDefault(name, 0L);
  }

  /** The value of one of the engine's counters. */
  public long get(TaskCounter counter) {
    return get(counter.label());
  }

  /** All counters by name: the engine's first, then the user's sorted. Cannot be changed. */
  public Map<String, Long> asMap() {
    return values;
  }

  /**
   * The sums of these and the others.
   *
   * @throws PlacesException if the sum of a counter is beyond a long
   */
  public Counters plus(Counters others) {
    Map<String, Long> sums = new TreeMap<>(values);
    others.values.forEach(
        (name, value) -> sums.merge(name, value, (left, right) -> sum(name, left, right)));
    return new Counters(sums);
  }

  static long sum(String counter, long left, long right) {
    try {
      return Math.addExact(left, right);
    } catch (ArithmeticException e) {
      throw new PlacesException(
          "the counter '%s' is beyond a long: it was %d, and %d came; sum up by emitting what may be so much"
              .formatted(counter, left, right),
          e);
    }
  }

  CounterValues toMessage() {
    return CounterValues.newBuilder().putAllValues(values).build();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Counters counters && values.equals(counters.values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
