package io.places.supervise;

import io.places.channel.PlaceChannel;
import io.places.node.Node;
import io.places.place.Place;
import java.util.concurrent.CountDownLatch;

/** Bodies for the tests of supervision. */
final class KeptBodies {
  private KeptBodies() {}

  /** Counts what it gets; some words end it. */
  static void counter(PlaceChannel<Integer, String> channel) {
    int count = 0;
    while (true) {
      switch (channel.get()) {
        case "fail" -> throw new IllegalStateException("the counter is stuck");
        case "exit" -> Place.exit(0);
        case "exit 7" -> Place.exit(7);
        default -> channel.put(++count);
      }
    }
  }

  /** Opened when the first life of {@link #diesAtOnce} may end. */
  static final CountDownLatch MAY_DIE = new CountDownLatch(1);

  /** Says a last word and fails. */
  static void diesAtOnce(PlaceChannel<String, Void> channel) throws InterruptedException {
    MAY_DIE.await();
    channel.put("last word");
    throw new IllegalStateException("no more paper");
  }

  /** A named place: counts for all its clients. */
  static void sharedCounter(PlaceChannel<Void, PlaceChannel<Integer, String>> clients) {
    PlaceChannel<Integer, String> client = clients.get();
    counter(client);
  }

  /** Supervises a place in its own node and says that it runs. */
  static void parent(PlaceChannel<String, String> channel) {
    Node node = Node.current();
    SupervisedPlace<Void, Void> child =
        Supervisor.at(node).supervise("child", KeptBodies::waits, Restart.always());
    channel.put(child.place().name());
    channel.get();
  }

  /** A named place that does nothing. */
  static void waits(PlaceChannel<Void, Void> channel) {
    channel.get();
  }

  static void silentClients(PlaceChannel<Void, PlaceChannel<String, String>> clients) {
    while (true) {
      clients.get();
    }
  }
}
