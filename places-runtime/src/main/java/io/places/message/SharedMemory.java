package io.places.message;

/** A vector that the places of one node share, instead of getting copies of it. */
public sealed interface SharedMemory permits SharedBytes, SharedDoubles, SharedLongs {
  /** How many elements there are. */
  int length();
}
