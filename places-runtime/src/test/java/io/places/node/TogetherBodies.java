package io.places.node;

import io.places.PlaceInterruptedException;
import io.places.PutTimeoutException;
import io.places.channel.PlaceChannel;
import java.time.Duration;
import java.util.List;

/** Bodies for the tests of places that run together. */
final class TogetherBodies {
  private TogetherBodies() {}

  record Lines(List<String> texts) {}

  record Order(Lines lines) {}

  static void tick(PlaceChannel<Integer, Void> channel) {
    for (int i = 0; ; i++) {
      channel.put(i);
    }
  }

  static void sizes(PlaceChannel<Integer, byte[]> channel) {
    while (true) {
      channel.put(channel.get().length);
    }
  }

  static void readsOne(PlaceChannel<Integer, byte[]> channel) throws InterruptedException {
    channel.put(channel.get().length);
    Thread.currentThread().join(); // and leaves the rest
  }

  static void neverReads(PlaceChannel<Integer, byte[]> channel) throws InterruptedException {
    Thread.currentThread().join();
  }

  /**
   * Puts until it is told that nobody reads; then says so elsewhere, and by an empty message, and counts what comes up to
   * one.
   */
  static void fillsAndThenReads(PlaceChannel<byte[], byte[]> channel, PlaceChannel<String, String> elsewhere) {
    try {
      while (true) {
        channel.put(new byte[1 << 16], Duration.ofMillis(300));
      }
    } catch (PutTimeoutException e) {
      elsewhere.put("told");
      channel.put(new byte[0]);
    }
    int got = 0;
    while (channel.get().length > 0) {
      got++;
    }
    channel.put(new byte[got]);
  }

  static void countTo(PlaceChannel<Integer, Void> channel, Integer end) {
    for (int i = 0; i < end; i++) {
      channel.put(i);
    }
  }

  static void saysReadyAndWaits(PlaceChannel<String, String> channel) {
    channel.put("ready");
    channel.get();
  }

  static void survivesAnInterrupt(PlaceChannel<String, String> channel) {
    channel.put("ready");
    try {
      channel.get();
    } catch (PlaceInterruptedException e) {
      Thread.interrupted();
      channel.put(String.valueOf(e.kind()));
    }
    channel.put(channel.get());
  }

  static void takeOrders(PlaceChannel<String, Order> channel) {
    while (true) {
      channel.put(channel.get().lines().texts().toString());
    }
  }
}
