package io.places.node;

import io.places.PlaceInterruptedException;
import io.places.PutTimeoutException;
import io.places.channel.PlaceChannel;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

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

  /** Echoes, and says of each interrupt what it was. */
  static void survivesInterrupts(PlaceChannel<String, String> channel) {
    while (true) {
      try {
        channel.put(channel.get());
      } catch (PlaceInterruptedException e) {
        Thread.interrupted();
        channel.put(String.valueOf(e.kind()));
      }
    }
  }

  /** Echoes while an action of a timer waits for the word "end", and another one goes on; then says so. */
  static void answersWhileATimerIsHeldUp(PlaceChannel<String, String> channel) throws InterruptedException {
    var begun = new CountDownLatch(1);
    var released = new CountDownLatch(1);
    var ticks = new Semaphore(0);
    Node.current()
        .after(
            Duration.ZERO,
            () -> {
              begun.countDown();
              try {
                released.await();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    begun.await();
    NodeTimer ticking = Node.current().every(Duration.ofMillis(1), ticks::release);
    for (String word = channel.get(); !word.equals("end"); word = channel.get()) {
      channel.put(word);
    }
    ticks.acquire(20);
    ticking.close();
    channel.put("20 ticks while %d action is held up".formatted(released.getCount()));
    released.countDown();
  }

  static void takeOrders(PlaceChannel<String, Order> channel) {
    while (true) {
      channel.put(channel.get().lines().texts().toString());
    }
  }
}
