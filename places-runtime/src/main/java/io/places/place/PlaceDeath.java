package io.places.place;

import io.places.PlaceFailedException;
import java.util.Optional;

/**
 * That a place is over, and why.
 *
 * @param place its name and node, for messages
 * @param exitCode 1 if it is not known
 * @param failure what the body threw, if that is why
 */
public record PlaceDeath(
    String place, Reason reason, int exitCode, Optional<PlaceFailedException> failure) {

  /** Why a place is over. */
  public enum Reason {
    /** The body returned, or called {@link Place#exit}. */
    EXIT,
    /** The body threw an exception. */
    EXCEPTION,
    /** It was killed. */
    KILLED,
    /** Its node is gone. */
    NODE_DOWN,
    /** Its node is silent: the place may still be running. */
    UNREACHABLE
  }
}
