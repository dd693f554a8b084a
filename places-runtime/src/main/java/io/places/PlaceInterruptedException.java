package io.places;

import org.jspecify.annotations.Nullable;

/**
 * The thread was interrupted while it waited; nothing was got and nothing was put.
 *
 * <p>A place that was interrupted by its creator gets the kind, may catch this and go on. Any other
 * interrupt is a {@link InterruptKind#BREAK}, and the thread's interrupt flag is set again when this is
 * thrown, for whoever calls the code that waited.
 */
public class PlaceInterruptedException extends PlacesException {
  private static final long serialVersionUID = 1L;

  private final InterruptKind kind;

  public PlaceInterruptedException(String message) {
    this(message, null);
  }

  public PlaceInterruptedException(String message, @Nullable Throwable cause) {
    super(message, cause);
    this.kind = Interrupts.take();
  }

  public InterruptKind kind() {
    return kind;
  }
}
