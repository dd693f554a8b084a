package io.places;

import org.jspecify.annotations.Nullable;

/**
 * The peer node died, or was silent for longer than the heartbeat limit. Whether what was under way
 * there ran, ran in part or never started is unknown. Retrying is safe only for work that may run
 * twice.
 */
public class NodeLostException extends PlacesException {
  private static final long serialVersionUID = 1L;

  public NodeLostException(String message) {
    super(message);
  }

  public NodeLostException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
