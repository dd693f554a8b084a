package io.places.event;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** An event with a function over what it gives. */
final class MappedEvent<V, T> extends Event<T> {
  private final Event<V> event;
  private final Function<? super V, ? extends T> function;

  MappedEvent(Event<V> event, Function<? super V, ? extends T> function) {
    this.event = event;
    this.function = function;
  }

  @Override
  List<Leaf<?, ? extends T>> leaves() {
    List<Leaf<?, ? extends T>> mapped = new ArrayList<>();
    for (Leaf<?, ? extends V> leaf : event.leaves()) {
      mapped.add(leaf.map(function));
    }
    return mapped;
  }
}
