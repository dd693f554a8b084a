package io.places.place;

import java.io.OutputStream;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * In which place the current thread runs. Known in the body's thread and in the threads it starts.
 *
 * @param location the node that hosts the place
 * @param out where the place's standard output goes; null for the JVM's
 * @param err likewise
 */
public record CurrentPlace(
    PlaceLocation location,
    String place,
    @Nullable OutputStream out,
    @Nullable OutputStream err) {
  private static final InheritableThreadLocal<@Nullable CurrentPlace> CURRENT =
      new InheritableThreadLocal<>();

  /** Empty outside of places. */
  public static Optional<CurrentPlace> get() {
    return Optional.ofNullable(CURRENT.get());
  }

  void enter() {
    CURRENT.set(this);
  }
}
