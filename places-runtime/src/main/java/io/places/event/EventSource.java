package io.places.event;

import io.places.Clock;
import java.util.function.Consumer;

/**
 * Something that becomes ready, and can then be taken: a message in a channel, the end of a place.
 *
 * <p>Safe for use by many threads. Another thread may take between {@link #isReady} and {@link #take}.
 *
 * @param <T> what is taken
 */
public interface EventSource<T> {

  /** Whether {@link #take} would probably succeed. */
  boolean isReady();

  /**
   * Takes, if it is ready: the one moment at which anything is consumed.
   *
   * @param taken is given what was taken
   * @return false if it is not ready (any more)
   * @throws io.places.PlacesException if it never will be, such as a closed channel
   */
  boolean take(Consumer<? super T> taken);

  /**
   * Has {@link Waiter#wake} called when this may have become ready: at least once, then this may need to
   * be called again. Checks nothing itself.
   */
  void watch(Waiter waiter);

  /** Undoes {@link #watch}; a wake-up that this waiter did not use goes to the next one. */
  void unwatch(Waiter waiter);

  /** By which time waits for this pass. */
  default Clock clock() {
    return Clock.system();
  }
}
