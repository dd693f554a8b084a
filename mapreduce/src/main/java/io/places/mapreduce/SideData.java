package io.places.mapreduce;

/**
 * Data that all tasks of a job read beside their records: a constant that names it where the job is
 * written and where it is used.
 *
 * {@snippet :
 * record StopWords(Set<String> words) {}
 * static final SideData<StopWords> STOP_WORDS = new SideData<>("stop words", StopWords.class);
 *
 * // the job: .output(format).side(STOP_WORDS, new StopWords(words))
 * // in a mapper or reducer: context.side(STOP_WORDS)
 * }
 *
 * <p>It goes to each worker once a job, and all tasks there share one object: they must not change it. In
 * its encoded form it has at most 64 MiB.
 *
 * @param name unique in a job
 * @param type of the data; whatever may travel between places
 */
public record SideData<T>(String name, Class<T> type) {
  public SideData {
    if (name.isBlank()) {
      throw new IllegalArgumentException("side data needs a name, not '" + name + "'");
    }
  }
}
