package io.places.mapreduce;

import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a mapper or reducer talks to while its task runs. Valid during the calls it is handed to,
 * for the thread that makes them.
 *
 * @param <K> the keys that may be emitted
 * @param <V> the values that may be emitted
 */
public interface Context<K, V> {

  /**
   * Hands on one pair. The pair is taken as it is now: a later change to {@code key} or {@code
   * value} is not seen by anyone, but by a mapper that this one is piped into and that has kept them.
   *
   * <p>A pair that is refused fails the task, even if the exception is caught.
   *
   * @throws IllegalArgumentException if the key has no encoding, or key or value has more than 64 MiB when encoded
   * @throws io.places.MessageNotAllowedException if the value may not travel
   */
  void emit(K key, V value);

  /**
   * As {@link #emit(Object, Object)} with the text of these bytes as the key, for mappers that look at bytes themselves
   * and whose keys are {@code String}: where values are numbers and the job has a combiner, no object is made of the
   * text. The array may be used again afterwards. Keep eight bytes of room behind the text, if that is easy: then they
   * are looked at together.
   *
   * @throws IllegalArgumentException if the bytes are no UTF-8
   */
  @SuppressWarnings("unchecked") // the keys are text, or this would not be called
  default void emitUtf8(byte[] text, int offset, int length, V value) {
    emit((K) new String(text, offset, length, StandardCharsets.UTF_8), value);
  }

  /**
   * Hands on one pair to an output beside the job's main one, which was declared with the job. That is for
   * what writes the job's output: its reducers, mappers behind them, and the mappers of a job without
   * reducers.
   *
   * @throws IllegalArgumentException if the job has no such output
   * @throws UnsupportedOperationException if this does not write output
   */
  default <K2, V2> void emit(NamedOutput<K2, V2> output, K2 key, V2 value) {
    throw new UnsupportedOperationException("no output " + output.name() + " can be written here");
  }

  /**
   * Adds to a counter of the job, which begins at 0. What failed attempts counted is dropped.
   *
   * @param name any name but those of {@link TaskCounter}
   */
  void count(String name, long delta);

  /**
   * Says what the task is at, for people who watch the job: its {@link JobListener} is told, some ten times a second
   * at most, what was said last. Of a long text only the beginning is told.
   */
  default void status(String text) {}

  /**
   * Data that the job was given, the same object for all tasks of a worker: not to be changed.
   *
   * @throws IllegalArgumentException if the job was given none of that name and type
   */
  default <T> T side(SideData<T> data) {
    throw new IllegalArgumentException("there is no side data '" + data.name() + "' here");
  }

  /**
   * A parameter of the job.
   *
   * @throws IllegalArgumentException if the job was given no parameter of that name
   */
  String parameter(String name);

  /** A parameter of the job, or nothing if it was not given. */
  Optional<String> findParameter(String name);

  /**
   * The parameters that the job was given as a record: of each component, the parameter of its name.
   *
   * @throws IllegalArgumentException if the job was given no parameter for a component
   */
  default <T extends Record> T parameters(Class<T> type) {
    return RecordParameters.read(type, this::findParameter);
  }
}
