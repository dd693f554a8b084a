package io.places.rmpi;

import io.places.PlacesException;
import java.util.function.Supplier;

/** A message that has come, or that somebody wants to send. */
interface Incoming {
  Envelope envelope();

  /** How much memory its content takes. */
  long bytes();

  /** No receive was there: called once, in order, under the engine's lock. */
  void keep();

  /** It is not received yet when the call returns that delivers it. */
  void hold();

  /** A receive has matched it; completes that now or later. */
  void giveTo(Posted.Receive receive);

  /** A receive has matched it that cannot take it. */
  void drop();

  /** Nobody will receive it. */
  void fail(Supplier<? extends PlacesException> why);
}
