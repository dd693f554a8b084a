package io.places.node;

import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import java.time.Duration;

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
