package io.places.event;

import java.util.ArrayList;
import java.util.List;

/** A choice among events. */
final class ChoiceEvent<T> extends Event<T> {
  private final List<Event<? extends T>> events;

  ChoiceEvent(List<Event<? extends T>> events) {
    this.events = events;
  }

  @Override
  List<Leaf<?, ? extends T>> leaves() {
    List<Leaf<?, ? extends T>> all = new ArrayList<>();
    for (Event<? extends T> event : events) {
      all.addAll(event.leaves());
    }
    return all;
  }
}
