package io.places.mapreduce;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/*
 * The types between two mappers were checked where the job was written, so here they are objects.
 */

/** Mappers one behind the other: each pair that one emits is a record of the next. */
final class Pipes {
  private final List<Mapper<Object, Object, Object, Object>> mappers;
  private final JobFacts facts;
  private final Tally tally;

  Pipes(List<Mapper<Object, Object, Object, Object>> mappers, JobFacts facts, Tally tally) {
    this.mappers = mappers;
    this.facts = facts;
    this.tally = tally;
  }

  /**
   * Calls the body with a context whose pairs go through all mappers to the last context.
   *
   * @param body emits records of the first mapper
   */
  @SuppressWarnings("unchecked") // see above
  <K, V> void around(TaskContext<?, ?> last, Consumer<TaskContext<K, V>> body) {
    List<TaskContext<Object, Object>> contexts = new ArrayList<>();
    contexts.add((TaskContext<Object, Object>) last);
    for (Mapper<Object, Object, Object, Object> mapper : mappers.reversed()) {
      contexts.addFirst(new Pipe(mapper, contexts.getFirst()));
    }
    around(mappers.size(), contexts, () -> body.accept((TaskContext<K, V>) contexts.getFirst()));
    contexts.forEach(TaskContext::checkAllTaken);
  }

  /** Sets up the mappers up to a number from the last to the first, and cleans up the other way. */
  private void around(int upTo, List<TaskContext<Object, Object>> contexts, Runnable body) {
    if (upTo == 0) {
      body.run();
      return;
    }
    Mapper<Object, Object, Object, Object> mapper = mappers.get(upTo - 1);
    TaskContext<Object, Object> after = contexts.get(upTo);
    new UserCode("mapper", mapper)
        .around(
            () -> mapper.setup(after),
            () -> around(upTo - 1, contexts, body),
            () -> mapper.cleanup(after));
  }

  /** Where what is emitted is a record of a mapper. */
  private final class Pipe extends TaskContext<Object, Object> {
    private final Mapper<Object, Object, Object, Object> mapper;
    private final TaskContext<Object, Object> after;
    private final UserCode code;

    Pipe(Mapper<Object, Object, Object, Object> mapper, TaskContext<Object, Object> after) {
      super(facts, tally);
      this.mapper = mapper;
      this.after = after;
      this.code = new UserCode("mapper", mapper);
    }

    @Override
    void take(Object key, Object value) {
      try {
        mapper.map(key, value, after);
      } catch (Throwable e) {
        throw code.failure("on the pair %s, %s".formatted(Quoted.of(key), Quoted.of(value)), e);
      }
    }

    @Override
    void takeNamed(String output, Object key, Object value) {
      after.takeNamed(output, key, value);
    }
  }
}
