package io.places.event;

import java.util.function.Consumer;

/** A value that is there already. */
record AlwaysSource<T>(T value) implements EventSource<T> {
  @Override
  public boolean isReady() {
    return true;
  }

  @Override
  public boolean take(Consumer<? super T> taken) {
    taken.accept(value);
    return true;
  }

  @Override
  public void watch(Waiter waiter) {}

  @Override
  public void unwatch(Waiter waiter) {}
}
