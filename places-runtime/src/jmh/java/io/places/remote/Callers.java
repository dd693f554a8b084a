package io.places.remote;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;

/** How several calls are kept under way. */
final class Callers {
  private Callers() {}

  /** Virtual threads that share the calls, each waiting for one at a time. */
  static void virtual(int threads, int times, Runnable call) throws InterruptedException {
    Thread[] callers = new Thread[threads];
    for (int i = 0; i < threads; i++) {
      int share = times / threads + (i < times % threads ? 1 : 0);
      callers[i] =
          Thread.ofVirtual()
              .start(
                  () -> {
                    for (int j = 0; j < share; j++) {
                      call.run();
                    }
                  });
    }
    for (Thread caller : callers) {
      caller.join();
    }
  }

  /** One thread that starts calls, as long as few enough are under way; each runs what it is given at its end. */
  static void asynchronous(int outstanding, int times, Consumer<Runnable> call)
      throws InterruptedException {
    var permits = new Semaphore(outstanding);
    var left = new CountDownLatch(times);
    for (int i = 0; i < times; i++) {
      permits.acquire();
      call.accept(
          () -> {
            permits.release();
            left.countDown();
          });
    }
    left.await();
  }

  static void requireAll(long sent, long arrived) {
    if (sent != arrived) {
      throw new IllegalStateException("%d messages sent, %d arrived".formatted(sent, arrived));
    }
  }
}
