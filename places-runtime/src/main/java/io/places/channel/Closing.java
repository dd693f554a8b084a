package io.places.channel;

import io.places.Clock;
import io.places.PlacesException;
import io.places.event.EventSource;
import io.places.event.Waiter;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** That a channel is over, for one of its ends: closed, and all that came was got. */
final class Closing implements EventSource<PlacesException> {
  private final Supplier<@Nullable PlacesException> whyOver;
  private final Clock clock;
  private final Set<Waiter> watchers = new LinkedHashSet<>(); // guarded by itself

  /**
   * @param whyOver null while it is not
   */
  Closing(Supplier<@Nullable PlacesException> whyOver, Clock clock) {
    this.whyOver = whyOver;
    this.clock = clock;
  }

  /** It may be over now. */
  void wakeAll() {
    synchronized (watchers) {
      watchers.forEach(Waiter::wake);
    }
  }

  @Override
  public boolean isReady() {
    return whyOver.get() != null;
  }

  @Override
  public boolean take(Consumer<? super PlacesException> taken) {
    PlacesException why = whyOver.get();
    if (why == null) {
      return false;
    }
    taken.accept(why);
    return true;
  }

  @Override
  public void watch(Waiter waiter) {
    synchronized (watchers) {
      watchers.add(waiter);
    }
  }

  @Override
  public void unwatch(Waiter waiter) {
    synchronized (watchers) {
      watchers.remove(waiter);
    }
  }

  @Override
  public Clock clock() {
    return clock;
  }
}
