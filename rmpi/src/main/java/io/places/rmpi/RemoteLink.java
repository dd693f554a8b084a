package io.places.rmpi;

import io.places.ChannelClosedException;
import io.places.NodeLostException;
import io.places.PlaceFailedException;
import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import java.time.Duration;
import java.util.function.Supplier;

/** The way to a rank in another JVM. */
interface RemoteLink extends Link {
  /**
   * For the news of a failure. The channel's end may not have arrived yet, for some milliseconds; a peer that takes nothing is
   * not waited for, as others are to hear it, too.
   */
  Duration NEWS_LIMIT = Duration.ofMillis(100);

  /** Begins to listen. */
  void start();

  /** Whether the rank is known to want the processors of this host, too. */
  default boolean isOnThisHost() {
    return false;
  }

  /** For the search for deadlocks. */
  RankNews.Traffic traffic();

  /** Fails all that is under way to or from the rank. */
  void fail(Supplier<? extends PlacesException> why);

  /**
   * Waits until what {@link #sendEnd} tells is said, behind all that was sent before: as long as the rank lives, and the
   * job has not failed.
   */
  void awaitEnd();

  /** The rank is over, well or not. */
  default void over() {}

  /** Nothing more will be sent or received. */
  void close();

  /**
   * Whether something cannot be put into the channel because that is over. Why, who reads it says: what the peer has said
   * before its end, such as the cause, is met there first.
   */
  static boolean isOver(PlacesException cannotPut) {
    return cannotPut instanceof ChannelClosedException
        || cannotPut instanceof PlaceFailedException
        || cannotPut instanceof NodeLostException;
  }

  /** Tells the peer why this rank fails, if it takes it soon; else the launcher does. */
  static void tell(PlaceChannel<Frame, Frame> channel, Failure failure) {
    try {
      channel.put(new Frame.Failed(failure), NEWS_LIMIT);
    } catch (PlacesException e) {
      // Nobody is there to be told, or it takes nothing: this rank ends all the same.
    }
  }
}
