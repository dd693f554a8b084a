package io.places;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * A node or a place could not be started. Nothing was left running. The message holds what the child
 * wrote to its standard error, or why the node refused.
 */
public class LaunchException extends PlacesException {
  private static final long serialVersionUID = 1L;

  private final @Nullable Integer exitCode;

  public LaunchException(String message) {
    this(message, null);
  }

  public LaunchException(String message, @Nullable Throwable cause) {
    this(message, cause, OptionalInt.empty());
  }

  public LaunchException(String message, @Nullable Throwable cause, OptionalInt exitCode) {
    super(message, cause);
    this.exitCode = exitCode.isPresent() ? exitCode.getAsInt() : null;
  }

  /**
   * What the process has ended with, by itself or by a signal, then 128 + its number. Empty if it was ended because it
   * took too long, never began, or if that is not known.
   */
  public OptionalInt exitCode() {
    return exitCode == null ? OptionalInt.empty() : OptionalInt.of(exitCode);
  }
}
