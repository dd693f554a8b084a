package io.places.event;

import java.util.List;

/** The event of one source. */
final class LeafEvent<T> extends Event<T> {
  private final List<Leaf<?, ? extends T>> leaves;

  LeafEvent(EventSource<T> source) {
    leaves = List.of(new Leaf<T, T>(source, value -> value));
  }

  @Override
  List<Leaf<?, ? extends T>> leaves() {
    return leaves;
  }
}
