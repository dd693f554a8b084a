package io.places.mapreduce;

/**
 * Turns each key with all its values into any number of output pairs.
 *
 * <p>A reducer is a class with a no-argument constructor. One instance serves one task, which is
 * one partition of the keys, in one thread. The keys of a partition come in the order of their
 * encoded bytes: strings by their UTF-8 form, numbers by value. The order of a key's values is not
 * defined.
 *
 * <p>A task calls {@link #setup} once, then {@link #reduce} for each key, then {@link #cleanup}
 * once, also when {@code setup} or {@code reduce} failed. What any of them throws fails the task,
 * whose output and counters are then dropped.
 *
 * @param <KI> the keys the mapper emits
 * @param <VI> the values the mapper emits
 * @param <KO> the keys written to the output
 * @param <VO> the values written to the output
 */
public interface Reducer<KI, VI, KO, VO> {

  /** Called once before the first key. */
  default void setup(Context<KO, VO> context) throws Exception {}

  /**
   * Called once for each key.
   *
   * <p>The values are streamed, so that a key may have more of them than fit into memory. They can
   * be iterated once: a second {@code iterator()}, or one used after this method has returned,
   * throws {@link IllegalStateException}. Each value is an object of its own, which the reducer may
   * keep or change. Values left unread are skipped.
   */
  void reduce(KI key, Iterable<VI> values, Context<KO, VO> context) throws Exception;

  /** Called once after the last key; may still emit. */
  default void cleanup(Context<KO, VO> context) throws Exception {}
}
