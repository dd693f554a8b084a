package io.places.rmpi;

import io.places.PlaceFailedException;
import io.places.place.PlaceDeath;

/** A rank that is over. */
record Ended(int rank, PlaceDeath death) {
  /** What is known at once of a rank whose node is gone: what its process has ended with may take a while to hear. */
  static final String GONE = "is lost: its node is gone";

  boolean hasThrown(Class<?> type) {
    return death.failure().map(thrown -> thrown.exceptionClass().equals(type.getName())).orElse(false);
  }

  /** What became of it. */
  String how() {
    return switch (death.reason()) {
      case EXIT -> "has ended with exit code " + death.exitCode();
      case EXCEPTION -> "has failed: " + death.failure().map(Ended::text).orElse("unknown");
      case KILLED -> "was killed";
      case NODE_DOWN -> GONE;
      case UNREACHABLE -> "is lost: its node is silent";
    };
  }

  private static String text(PlaceFailedException failure) {
    String message = failure.exceptionMessage();
    return failure.exceptionClass() + (message.isEmpty() ? "" : ": " + message);
  }

  /**
   * A rank that has failed because another is lost says which: that one is to be named to the others, too. And whether
   * they hear it from here or from that rank, what all ranks throw that call different things is the same.
   */
  Link.Failure toOthers() {
    String message = death.failure().map(PlaceFailedException::exceptionMessage).orElse("");
    if (hasThrown(CollectiveMismatchException.class)) {
      return new Link.Failure(Link.Failure.Kind.COLLECTIVE_MISMATCH, message);
    }
    return new Link.Failure(
        Link.Failure.Kind.RANK_FAILED,
        hasThrown(RankFailedException.class) ? message : "rank %d %s".formatted(rank, how()));
  }
}
