package io.places.place;

import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A variable with one value for each place: what a static field would be if every place had its own.
 * Threads that run in no place share one value.
 *
 * <p>Safe for use by many threads; the value itself is shared by the place's threads.
 *
 * @param <T> the type of the value; never null
 */
public final class PlaceLocal<T> {
  private final Supplier<? extends T> initial;
  private @Nullable T outside; // guarded by this

  private PlaceLocal(Supplier<? extends T> initial) {
    this.initial = initial;
  }

  /** A variable whose value is made when a place first asks for it. */
  public static <T> PlaceLocal<T> withInitial(Supplier<? extends T> initial) {
    return new PlaceLocal<>(initial);
  }

  /** The value of the calling thread's place. */
  public T get() {
    return CurrentPlace.get().map(place -> place.local(this, initial)).orElseGet(this::outside);
  }

  /** Sets the value of the calling thread's place. */
  public void set(T value) {
    Objects.requireNonNull(value, "value");
    CurrentPlace.get()
        .ifPresentOrElse(place -> place.setLocal(this, value), () -> setOutside(value));
  }

  private synchronized T outside() {
    if (outside == null) {
      outside = Objects.requireNonNull(initial.get(), "the initial value");
    }
    return outside;
  }

  private synchronized void setOutside(T value) {
    outside = value;
  }
}
