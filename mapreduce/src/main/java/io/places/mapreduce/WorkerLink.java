package io.places.mapreduce;

import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import io.places.mapreduce.proto.FromWorker;
import io.places.mapreduce.proto.ToWorker;
import io.places.node.RemoteNode;
import io.places.place.Place;
import io.places.place.Spawn;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/** One worker as its controller sees it. */
final class WorkerLink {

  /**
   * What came from a worker: a message, or the reason why none comes any more.
   *
   * @param message null if the worker is lost
   * @param loss null if it is not
   */
  record Event(
      WorkerLink worker, @Nullable FromWorker message, @Nullable PlacesException loss) {}

  private final RemoteNode node;
  private final Place<PlaceChannel<FromWorker, ToWorker>, Void> place;
  private final PlaceChannel<ToWorker, FromWorker> channel;

  /** Written by the thread that receives. */
  private volatile boolean lost;

  private WorkerLink(
      RemoteNode node,
      Place<PlaceChannel<FromWorker, ToWorker>, Void> place,
      PlaceChannel<ToWorker, FromWorker> channel) {
    this.node = node;
    this.place = place;
    this.channel = channel;
  }

  /** Starts a worker on a node. */
  static WorkerLink start(RemoteNode node) {
    Place<PlaceChannel<FromWorker, ToWorker>, Void> place =
        node.place(Spawn.named(Worker.NAME), Worker::body);
    return new WorkerLink(
        node, place, node.named(Worker.NAME, ToWorker.class, FromWorker.class));
  }

  RemoteNode node() {
    return node;
  }

  /** Whether nothing comes from it any more. */
  boolean isLost() {
    return lost;
  }

  void send(ToWorker message) {
    channel.put(message);
  }

  /** Puts what comes into a queue, until the worker is lost or the channel closed, and then that. */
  void receive(BlockingQueue<Event> events) {
    try {
      while (true) {
        events.add(new Event(this, channel.get(), null));
      }
    } catch (PlacesException e) {
      lost = true;
      events.add(new Event(this, null, e));
    }
  }

  @Override
  public String toString() {
    return "worker " + place;
  }
}
