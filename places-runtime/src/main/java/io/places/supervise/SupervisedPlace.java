package io.places.supervise;

import io.places.NodeLostException;
import io.places.PlaceInterruptedException;
import io.places.PlaceRestartedException;
import io.places.channel.PlaceChannel;
import io.places.place.Place;
import java.time.Duration;

/**
 * A place that is started anew when it ends, as its {@link Restart} says. Each life begins with an empty
 * memory and with a channel of its own; its number is the epoch.
 *
 * <p>Safe for use by many threads.
 *
 * @param <S> what the supervisor's side sends and the body receives
 * @param <R> what the body sends and the supervisor's side receives
 */
public final class SupervisedPlace<S, R> implements AutoCloseable {
  private final Keeper<Place<S, R>> keeper;

  SupervisedPlace(Keeper<Place<S, R>> keeper) {
    this.keeper = keeper;
  }

  /**
   * An end of the channel to the place that goes over to its next life: a new one at each call, for one
   * client. All ends lead to the same place and compete for what it puts.
   *
   * <p>A call under way when a life ends fails as on every channel. The first call that finds a new life
   * throws {@link PlaceRestartedException}, before anything reaches it; the calls after it reach the new
   * life. Between two lives, what the old one put is still got; then calls wait for the next life, up to
   * their own limits. When it was given up they throw {@link GaveUpException}. Closing such an end does
   * not close the place's channel.
   */
  public PlaceChannel<S, R> channel() {
    return new FollowingChannel<>(keeper);
  }

  /** The number of the present life, 1 for the first; of the last one between two. */
  public long epoch() {
    return keeper.now().epoch();
  }

  /** Whether it runs now. */
  public boolean isUp() {
    return !keeper.now().ended();
  }

  /** The present life; the last one between two, and after the end. */
  public Place<S, R> place() {
    return keeper.now().life();
  }

  /**
   * Waits until there will be no further life.
   *
   * @return the exit code of the last one
   * @throws GaveUpException if it ended too often
   * @throws NodeLostException if its node was lost and it is not started anew
   */
  public int join() {
    try {
      Lives.Now<Place<S, R>> now = keeper.now();
      while (now.over() == null) {
        now = keeper.after(now.epoch(), Long.MAX_VALUE);
      }
      if (now.over().get() instanceof GaveUpException gaveUp) {
        throw gaveUp;
      }
      return now.life().join(Duration.ofSeconds(30)); // it has ended, or is just being killed
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException("interrupted while waiting for the end of " + this, e);
    }
  }

  /**
   * Kills the place and does not start it anew. A life that is just beginning is waited for and killed, too; if that
   * takes longer than {@link Place#KILL_LIMIT}, it is killed as soon as it has begun.
   */
  @Override
  public void close() {
    keeper.close();
  }

  @Override
  public String toString() {
    return keeper.what();
  }
}
