package io.places.mapreduce;

import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What map and reduce tasks give their user's classes alike. */
abstract class TaskContext<K, V> implements Context<K, V> {
  private final JobFacts facts;
  private final Tally tally;
  private @Nullable Throwable refused;

  TaskContext(JobFacts facts, Tally tally) {
    this.facts = facts;
    this.tally = tally;
  }

  @Override
  public final void emit(K key, V value) {
    checkAllTaken();
    try {
      checkPresent(key, value);
      take(key, value);
    } catch (RuntimeException | Error e) {
      refused = reason(e, key, value);
      checkAllTaken();
      throw e;
    }
  }

  @Override
  public final void emitUtf8(byte[] text, int offset, int length, V value) {
    checkAllTaken();
    try {
      checkPresent(text, value);
      takeUtf8(text, Objects.checkFromIndexSize(offset, length, text.length), length, value);
    } catch (RuntimeException | Error e) {
      refused = reason(e, "", value);
      checkAllTaken();
      throw e;
    }
  }

  @Override
  public final void count(String name, long delta) {
    tally.add(name, delta);
  }

  @Override
  public final void status(String text) {
    tally.status(text);
  }

  @Override
  public final <T> T side(SideData<T> data) {
    return facts.side().get(data);
  }

  @Override
  public final String parameter(String name) {
    return findParameter(name).orElseThrow(() -> noParameter(name));
  }

  @Override
  public final Optional<String> findParameter(String name) {
    return Optional.ofNullable(facts.spec().getParametersMap().get(name));
  }

  @Override
  public final <K2, V2> void emit(NamedOutput<K2, V2> output, K2 key, V2 value) {
    checkAllTaken();
    try {
      checkPresent(key, value);
      takeNamed(output.name(), key, value);
    } catch (RuntimeException | Error e) {
      refused = e;
      throw e;
    }
  }

  /**
   * What a pair is refused with, where something was thrown.
   *
   * @param key any text if it was given as UTF-8
   */
  Throwable reason(Throwable refusal, Object key, Object value) {
    return refusal;
  }

  /** Hands on a pair. */
  abstract void take(K key, V value);

  /** Hands on a pair whose key is a text in UTF-8. */
  @SuppressWarnings("unchecked") // who emits texts has such keys
  void takeUtf8(byte[] text, int offset, int length, V value) {
    take((K) KeyType.text(text, offset, length), value);
  }

  /** Hands on a pair to a named output. */
  void takeNamed(String output, Object key, Object value) {
    throw new UnsupportedOperationException(
        "a mapper of a job with reducers writes no output; emit to '%s' in the reducer"
            .formatted(output));
  }

  /** Fails if a pair was refused, even where the user's class has caught that exception. */
  final void checkAllTaken() {
    if (refused instanceof Error e) {
      throw e;
    }
    if (refused instanceof RuntimeException e) {
      throw e;
    }
  }

  private static void checkPresent(@Nullable Object key, @Nullable Object value) {
    if (key == null || value == null) {
      throw new IllegalArgumentException(
          "emit with a null %s: a pair has both key and value"
              .formatted(key == null ? "key" : "value"));
    }
  }

  private IllegalArgumentException noParameter(String name) {
    return new IllegalArgumentException(
        "the job '%s' has no parameter '%s'; it has %s: give it with .parameter(\"%s\", value)"
            .formatted(
                facts.spec().getName(), name, new TreeSet<>(facts.spec().getParametersMap().keySet()), name));
  }
}
