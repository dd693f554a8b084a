package io.places.mapreduce;

import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import io.places.mapreduce.ListMessage.Answer;
import io.places.mapreduce.ListMessage.Order;
import io.places.node.RemoteNode;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** One worker as {@link MapReduceWorkers} sees it. Owned by the thread that runs, but for {@link #receive}. */
final class ListLink {

  /**
   * What came.
   *
   * @param answer null if the worker is lost, and this the last event
   */
  record Event(ListLink worker, @Nullable Answer answer, @Nullable PlacesException loss) {}

  /** By then the loss of one of the two would be known. */
  static final int MOST_FAILED_MERGES = 3;

  private final RemoteNode node;
  private final PlaceChannel<Order, Answer> place;

  /** The tasks in what it has reduced. */
  private final Set<Integer> held = new LinkedHashSet<>();

  private @Nullable Runnable whenDone;
  private @Nullable Integer task;

  /** Who sends to it. */
  private @Nullable ListLink source;

  /** What it holds is on the way to another, and must stay as it is until that one has it, or gives up. */
  private boolean sending;

  private boolean lost;

  /** How many merges in a row came to nothing in which this was to send. */
  private int failedMerges;

  /** It gets nothing to do in this run, as long as there are others. */
  private boolean aside;

  ListLink(RemoteNode node, PlaceChannel<Order, Answer> place) {
    this.node = node;
    this.place = place;
  }

  /** Puts what comes into a queue, until the worker is lost. */
  void receive(BlockingQueue<Event> events) {
    try {
      while (true) {
        events.add(new Event(this, place.get(), null));
      }
    } catch (PlacesException e) {
      events.add(new Event(this, null, e));
    }
  }

  String nodeName() {
    return node.name();
  }

  void tell(Order order) {
    place.put(order);
  }

  /**
   * Has it carry out an order.
   *
   * @param mapping the task that it maps; null if it does something else
   * @param done what is then to be done
   */
  void order(Order order, @Nullable Integer mapping, Runnable done) {
    whenDone = done;
    task = mapping;
    place.put(order);
  }

  boolean isIdle() {
    return !lost && !aside && whenDone == null && !sending;
  }

  /** It has answered, in whatever way; answers what was to be done then. */
  Runnable answered() {
    Runnable done = whenDone;
    whenDone = null;
    task = null;
    endMerge();
    return done == null ? () -> {} : done;
  }

  void mergeFrom(ListLink other) {
    source = other;
    other.sending = true;
  }

  /** Who sends to it. */
  @Nullable ListLink source() {
    return source;
  }

  /**
   * What it was to send did not arrive, though both are there.
   *
   * @return whether it was so too often
   */
  boolean countFailedMerge() {
    failedMerges++;
    return failedMerges >= MOST_FAILED_MERGES;
  }

  void setAside() {
    aside = true;
  }

  boolean isAside() {
    return aside;
  }

  /** Has it begin anew. */
  void takeBack() {
    aside = false;
    failedMerges = 0;
  }

  /** What it sent has arrived. */
  void merged() {
    failedMerges = 0;
  }

  private void endMerge() {
    if (source != null) {
      source.sending = false;
      source = null;
    }
  }

  @Nullable Integer task() {
    return task;
  }

  Set<Integer> held() {
    return held;
  }

  boolean isLost() {
    return lost;
  }

  void lose() {
    lost = true;
    whenDone = null;
    task = null;
    endMerge();
  }

  /** Forgets what an earlier run has left. */
  void begin() {
    held.clear();
    whenDone = null;
    task = null;
    source = null;
    sending = false;
    takeBack();
  }
}
