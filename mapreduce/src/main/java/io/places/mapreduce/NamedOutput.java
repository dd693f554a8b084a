package io.places.mapreduce;

/**
 * An output of a job beside its main one: a constant that names it where the job is written, with the
 * format that it has, and where pairs are emitted to it.
 *
 * {@snippet :
 * static final NamedOutput<String, Long> RARE = new NamedOutput<>("rare");
 *
 * // in the job: .alsoOutput(RARE, TextOutput.to(folder))
 * // in the reducer: context.emit(RARE, word, count)
 * }
 *
 * @param <K> the keys that go there
 * @param <V> the values that go there
 * @param name unique in a job
 */
@SuppressWarnings("UnusedTypeParameter") // the types are for the compiler only
public record NamedOutput<K, V>(String name) {
  public NamedOutput {
    if (name.isBlank()) {
      throw new IllegalArgumentException("an output needs a name, not '" + name + "'");
    }
  }
}
