package io.places.node;

import io.places.place.RunningPlace;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A place that runs here for a peer, from the moment that the peer may speak of it: what the peer wants of it
 * before it has started is done then. Safe for use by many threads.
 */
final class Hosted {
  private @Nullable RunningPlace place; // guarded by this
  private final List<Consumer<RunningPlace>> wanted = new ArrayList<>(0); // guarded by this

  /** The place has started. */
  void started(RunningPlace running) {
    List<Consumer<RunningPlace>> now;
    synchronized (this) {
      place = running;
      now = List.copyOf(wanted);
      wanted.clear();
    }
    now.forEach(action -> action.accept(running));
  }

  /** Does something to the place, now or as soon as it has started. */
  void tell(Consumer<RunningPlace> action) {
    RunningPlace running;
    synchronized (this) {
      running = place;
      if (running == null) {
        wanted.add(action);
        return;
      }
    }
    action.accept(running);
  }
}
