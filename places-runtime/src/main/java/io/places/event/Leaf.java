package io.places.event;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A source, and what becomes of its value.
 *
 * @param <V> what the source gives
 * @param <T> what the event gives
 */
record Leaf<V, T>(EventSource<V> source, Function<? super V, ? extends T> function) {

  /** What was taken, before the function: so that the function runs after all sources were left. */
  record Taken<V, T>(V value, Function<? super V, ? extends T> function) {
    T result() {
      return Objects.requireNonNull(
          function.apply(value), "the function given to Event.map answered null");
    }
  }

  <U> Leaf<V, U> map(Function<? super T, ? extends U> next) {
    return new Leaf<>(source, function.andThen(next));
  }

  /** Null if the source is not ready. */
  @Nullable Taken<V, T> take() {
    var box = new Box<V, T>();
    return source.take(value -> box.taken = new Taken<>(value, function)) ? box.taken : null;
  }

  private static final class Box<V, T> {
    private @Nullable Taken<V, T> taken;
  }
}
