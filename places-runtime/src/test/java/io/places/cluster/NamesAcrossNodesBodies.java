package io.places.cluster;

import io.places.PlaceAlreadyExistsException;
import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import io.places.node.Node;
import io.places.node.RemoteNode;
import io.places.place.Spawn;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/** Bodies for the tests of named places with clients on other nodes. */
final class NamesAcrossNodesBodies {
  private static final Duration SOON = Duration.ofSeconds(20);

  private NamesAcrossNodesBodies() {}

  /** A named place: adds up what all its clients say, and answers each the sum. */
  static void sum(PlaceChannel<Void, PlaceChannel<Integer, Integer>> clients) {
    var sum = new AtomicInteger();
    while (true) {
      PlaceChannel<Integer, Integer> client = clients.get();
      Thread.startVirtualThread(() -> serve(client, sum));
    }
  }

  private static void serve(PlaceChannel<Integer, Integer> client, AtomicInteger sum) {
    try {
      while (true) {
        client.put(sum.addAndGet(client.get()));
      }
    } catch (PlacesException e) {
      // this client has heard enough
    }
  }

  /** A client of it on another node. */
  static void adds(PlaceChannel<String, Integer> creator, Integer port) {
    try (var sum = at(port).named("sum", Integer.class, Integer.class)) {
      while (true) {
        creator.put(String.valueOf(sum.ask(creator.get(), SOON)));
      }
    }
  }

  /** Wants its name, and says what it is told. */
  static void claims(PlaceChannel<String, Void> creator, Integer port) {
    try {
      at(port).place(Spawn.named("sum"), NamesAcrossNodesBodies::sum);
      creator.put("it is mine");
    } catch (PlaceAlreadyExistsException e) {
      creator.put(String.valueOf(e.getMessage()));
    }
  }

  private static RemoteNode at(int port) {
    return Node.current().connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }
}
