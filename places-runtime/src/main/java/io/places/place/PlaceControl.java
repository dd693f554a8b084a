package io.places.place;

import io.places.InterruptKind;

/** What the one who runs a place can do to it. */
public interface PlaceControl {

  /** Closes its channels and interrupts its threads, or ends its process. Returns at once. */
  void kill();

  void interrupt(InterruptKind kind);
}
