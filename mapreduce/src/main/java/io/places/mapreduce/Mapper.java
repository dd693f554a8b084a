package io.places.mapreduce;

/**
 * Turns each record of the input into any number of pairs of key and value.
 *
 * <p>A mapper is a class with a no-argument constructor and concrete type arguments: the job
 * derives the encodings of keys and values from {@code KO} and {@code VO}. Keys may be {@code
 * String}, {@code Long}, {@code Integer}, {@code byte[]}, or records of such, of {@code double} and of {@code boolean};
 * values may be whatever may travel between places. One instance serves one task, in one thread, so it may keep state between
 * records; it shares nothing with the instances of other tasks.
 *
 * <p>A task calls {@link #setup} once, then {@link #map} for each record of its split, then {@link
 * #cleanup} once, also when {@code setup} or {@code map} failed. What any of them throws fails the
 * task, whose pairs and counters are then dropped.
 *
 * @param <KI> the key of an input record, such as where it was read
 * @param <VI> the input record
 * @param <KO> the key of the pairs made
 * @param <VO> the value of the pairs made
 */
public interface Mapper<KI, VI, KO, VO> {

  /** Called once before the first record. */
  default void setup(Context<KO, VO> context) throws Exception {}

  /** Called for each record of the split, in the order of the input. */
  void map(KI key, VI value, Context<KO, VO> context) throws Exception;

  /** Called once after the last record; may still emit. */
  default void cleanup(Context<KO, VO> context) throws Exception {}
}
