package io.places.wire;

import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import io.places.node.Node;
import io.places.place.Spawn;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A named place for tests in one JVM: waits for each of its clients and tells what it got instead. What clients of
 * an earlier test still get is none of the next one's.
 *
 * @param name that no other has
 * @param ended how the wait for a client has ended: the exception
 */
record ClientWatch(String name, BlockingQueue<PlacesException> ended) {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final Map<String, ClientWatch> ALL = new ConcurrentHashMap<>();

  static ClientWatch start(Node node) {
    var watch = new ClientWatch("watch-" + COUNT.incrementAndGet(), new LinkedBlockingQueue<>());
    ALL.put(watch.name(), watch);
    node.place(Spawn.named(watch.name()), ClientWatch::body, watch.name());
    return watch;
  }

  static void body(PlaceChannel<Void, PlaceChannel<String, String>> clients, String name) {
    BlockingQueue<PlacesException> ended = Objects.requireNonNull(ALL.get(name)).ended();
    while (true) {
      PlaceChannel<String, String> client = clients.get();
      Thread.startVirtualThread(
          () -> {
            try {
              client.get();
            } catch (PlacesException e) {
              ended.add(e);
            }
          });
    }
  }
}
