package io.places.launch;

import java.io.IOException;

/** What the far machine said why it cannot start a node. */
final class FarFailure extends IOException {
  private static final long serialVersionUID = 1L;

  FarFailure(String message) {
    super(message);
  }
}
