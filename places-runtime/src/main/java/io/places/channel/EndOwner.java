package io.places.channel;

import io.places.PlacesException;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.WeakHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Who holds ends of channels and comes to an end: a place. Known in its threads. Safe for use by many
 * threads.
 */
public abstract class EndOwner {
  private static final InheritableThreadLocal<@Nullable EndOwner> CURRENT =
      new InheritableThreadLocal<>();

  /** The program around the places: what it holds stays open. */
  private static final EndOwner OUTSIDE = new EndOwner() {};

  private enum State {
    HOLDS,
    /** Its code may still run, but gets nothing more. */
    FENCED,
    /** Threads that it has left behind may serve others. */
    OVER
  }

  private @Nullable Set<ChannelEnd<?, ?>> ends; // made for the first; guarded by this
  private volatile State state = State.HOLDS; // written under this
  private @Nullable PlacesException whyEnded; // guarded by this

  /** Null outside of places. */
  protected static @Nullable EndOwner ofThread() {
    return CURRENT.get();
  }

  /** Makes this the owner of what the calling thread, and those that it starts, get. */
  protected final void enterThread() {
    CURRENT.set(this);
  }

  /** Who holds what the calling thread gets. */
  static EndOwner current() {
    EndOwner owner = CURRENT.get();
    return owner == null || owner.state == State.OVER ? OUTSIDE : owner;
  }

  /** Has an end closed with this owner; if it has ended already, now. */
  final void add(ChannelEnd<?, ?> end) {
    PlacesException why;
    synchronized (this) {
      if (equals(OUTSIDE)) {
        return;
      }
      why = whyEnded;
      if (why == null) {
        if (ends == null) {
          ends = Collections.newSetFromMap(new WeakHashMap<>());
        }
        ends.add(end);
        return;
      }
    }
    end.ownerEnded(this, why, false);
  }

  /**
   * Closes the ends that nobody else holds.
   *
   * @param why it ended, for those who hold the other ends
   * @param inOrder whether it has left those that it shares with their senders to them
   */
  public final void closeEnds(PlacesException why, boolean inOrder) {
    List<ChannelEnd<?, ?>> all;
    synchronized (this) {
      all = takeEnds(State.FENCED);
      whyEnded = why;
    }
    all.forEach(end -> end.ownerEnded(this, why, inOrder));
  }

  /** None of its code runs any more; to be called behind {@link #closeEnds}. */
  public final void over() {
    takeEnds(State.OVER);
  }

  private synchronized List<ChannelEnd<?, ?>> takeEnds(State next) {
    List<ChannelEnd<?, ?>> all = ends == null ? List.of() : List.copyOf(ends);
    ends = null;
    state = next.compareTo(state) > 0 ? next : state; // it never comes back
    return all;
  }
}
