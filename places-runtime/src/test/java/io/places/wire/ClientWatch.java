package io.places.wire;

import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A named place for tests in one JVM: waits for each of its clients and tells what it got instead. */
final class ClientWatch {
  /** How the wait for a client has ended: the exception. */
  static final BlockingQueue<PlacesException> ENDED = new LinkedBlockingQueue<>();

  private ClientWatch() {}

  static void body(PlaceChannel<Void, PlaceChannel<String, String>> clients) {
    while (true) {
      PlaceChannel<String, String> client = clients.get();
      Thread.startVirtualThread(
          () -> {
            try {
              client.get();
            } catch (PlacesException e) {
              ENDED.add(e);
            }
          });
    }
  }
}
