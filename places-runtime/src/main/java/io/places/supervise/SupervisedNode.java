package io.places.supervise;

import io.places.PlacesException;
import io.places.PlaceInterruptedException;
import io.places.channel.Timeouts;
import io.places.node.RemoteNode;
import java.time.Duration;

/**
 * A node that is launched anew when it is lost, as its {@link Restart} says. Safe for use by many threads.
 */
public final class SupervisedNode implements AutoCloseable {
  /** A launch that takes longer has failed: see the launchers' own limits. */
  static final Duration UP_LIMIT = Duration.ofSeconds(60);

  private final Keeper<RemoteNode> keeper;

  SupervisedNode(Keeper<RemoteNode> keeper) {
    this.keeper = keeper;
  }

  /** The number of the present life, 1 for the first; of the last one between two. */
  public long epoch() {
    return keeper.now().epoch();
  }

  /** Whether it is connected. */
  public boolean isUp() {
    return !keeper.now().ended() && node().isAlive();
  }

  /** The node in its present life; in its last one between two. */
  public RemoteNode node() {
    return keeper.now().life();
  }

  /**
   * The node; waits until it is up.
   *
   * @throws GaveUpException if it was lost too often
   * @throws PlacesException if it does not come up in time
   */
  public RemoteNode node(Duration limit) {
    try {
      Lives.Now<RemoteNode> now = keeper.now();
      if (now.over() == null && (now.ended() || !now.life().isAlive())) {
        now = keeper.after(now.epoch(), Timeouts.nanos(limit));
      }
      if (now.over() != null) {
        throw now.over().get();
      }
      if (now.ended()) {
        throw new PlacesException(
            "%s did not come up again within %s".formatted(this, Words.of(limit)));
      }
      return now.life();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException("interrupted while waiting for " + this, e);
    }
  }

  /**
   * Ends the node and does not launch it anew. A launch that is under way is waited for and ended, too; if that takes
   * longer than {@link io.places.place.Place#KILL_LIMIT}, it is ended as soon as the node is up.
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
