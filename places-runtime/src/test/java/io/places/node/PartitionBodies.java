package io.places.node;

import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import io.places.event.Event;
import io.places.place.Place;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A place whose way to its clients is cut. */
final class PartitionBodies {
  private static final Duration SOON = Duration.ofSeconds(20);

  private PartitionBodies() {}

  /** Echoes for each client, in a thread of its own. */
  static void serve(PlaceChannel<Void, PlaceChannel<String, String>> clients) {
    while (true) {
      PlaceChannel<String, String> client = clients.get();
      Thread.startVirtualThread(() -> serveOne(client));
    }
  }

  private static void serveOne(PlaceChannel<String, String> client) {
    try {
      while (true) {
        client.put(client.get());
      }
    } catch (PlacesException e) {
      // this client has heard enough, or is lost
    }
  }

  /**
   * Notes numbers. A client says first who it is, then 1, 2, 3 and so on; or it asks what has come of somebody.
   */
  static void ledger(PlaceChannel<Void, PlaceChannel<String, String>> clients) {
    Map<String, String> notes = new ConcurrentHashMap<>();
    while (true) {
      PlaceChannel<String, String> client = clients.get();
      Thread.startVirtualThread(() -> note(client, notes));
    }
  }

  private static void note(PlaceChannel<String, String> client, Map<String, String> notes) {
    try {
      String first = client.get();
      if (first.startsWith("tell ")) {
        client.put(notes.getOrDefault(first.substring("tell ".length()), "0"));
        return;
      }
      String order = " in order";
      for (int expected = 1; ; expected++) {
        String number = client.get();
        order = number.equals(Integer.toString(expected)) ? order : " and not in order: " + number;
        notes.put(first, expected + order);
        if (expected <= 10) {
          client.put("noted");
        }
      }
    } catch (PlacesException e) {
      // this client is lost
    }
  }

  /** Has a place on another node, and tells why that has ended. */
  static void hasAPlaceThere(PlaceChannel<String, Void> creator, Integer port) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    Place<String, String> there = Node.current().connect(address).place(Bodies::silent);
    creator.put("there");
    creator.put(Event.sync(there.deadEvent()).reason().name());
  }

  /** Waits for a client, and tells another one how that has ended. */
  static void watch(PlaceChannel<Void, PlaceChannel<String, String>> clients) {
    PlaceChannel<String, String> watched = clients.get();
    watched.put("watching");
    PlaceChannel<String, String> asks = clients.get();
    try {
      asks.put("heard " + watched.get(SOON));
    } catch (PlacesException e) {
      asks.put(e.getClass().getSimpleName() + ": " + e.getMessage());
    }
    clients.get();
  }
}
