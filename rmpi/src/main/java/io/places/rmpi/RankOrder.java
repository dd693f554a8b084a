package io.places.rmpi;

import io.places.channel.PlaceChannel;
import java.util.List;

/** What the launcher says to a rank. */
sealed interface RankOrder {
  /** The way to a rank in another JVM. */
  record Connect(int peer, PlaceChannel<Frame, Frame> end) implements RankOrder {}

  /** The ranks in the same JVM, all of which are ready. */
  record Neighbours(List<Integer> ranks) implements RankOrder {}

  /** All ranks have their links: run the program. */
  record Begin() implements RankOrder {}

  /** Asks for the {@link RankNews.State}. */
  record Inspect() implements RankOrder {}

  /** The job has failed. */
  record Fail(Link.Failure failure) implements RankOrder {}
}
