package io.places.start;

import io.places.channel.PlaceChannel;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.place.Isolation;
import io.places.place.Place;
import io.places.place.Spawn;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/** One thing to be measured in a JVM of its own. Prints a line for each figure: its name, its value. */
enum StartMeasure {
  VIRTUAL_PLACES {
    @Override
    void run() throws InterruptedException {
      swarm(Swarm.OfPlaces::new);
    }
  },
  VIRTUAL_THREADS {
    @Override
    void run() throws InterruptedException {
      swarm(Swarm.OfThreads::new);
    }
  },
  ACTORS {
    @Override
    void run() throws InterruptedException {
      swarm(Swarm.OfActors::new);
    }
  },
  THREAD_PLACES {
    @Override
    void run() {
      places(Isolation.THREAD, 500, 5);
    }
  },
  THREADS {
    @Override
    void run() throws InterruptedException {
      threads(500, 5);
    }
  },
  CLASS_LOADER_PLACES {
    @Override
    void run() {
      places(Isolation.CLASS_LOADER, 20, 2);
    }
  },
  PROCESS_PLACES {
    @Override
    void run() {
      places(Isolation.PROCESS, 1, 2);
    }
  };

  private static final int SWARM = 100_000;
  private static final int REPEATS = 7;

  /** Measures and prints. */
  abstract void run() throws InterruptedException;

  /** Called in the new JVM with the name of the measure. */
  public static void main(String[] arguments) throws InterruptedException {
    valueOf(arguments[0]).run();
    System.exit(0); // Pekko's threads would keep the JVM
  }

  private void print(String figure, double value) {
    System.out.println(this + " " + figure + " " + value);
  }

  /** Started, messaged and ended, in milliseconds; and what a task holds that waits, in bytes. */
  void swarm(Supplier<Swarm> maker) throws InterruptedException {
    double[] times = new double[REPEATS];
    for (int i = 0; i < REPEATS; i++) {
      try (Swarm swarm = maker.get()) {
        System.gc();
        long start = System.nanoTime();
        swarm.start(SWARM);
        swarm.finish();
        times[i] = (System.nanoTime() - start) / 1e6;
      }
    }
    print("first_ms", times[0]);
    print("ms", median(Arrays.copyOfRange(times, REPEATS / 2, REPEATS)));
    try (Swarm swarm = maker.get()) {
      long before = used();
      swarm.start(SWARM);
      print("bytes", (double) (used() - before) / SWARM);
      swarm.finish();
    }
  }

  /** All that runs has come to its wait when this no longer grows. */
  private static long used() throws InterruptedException {
    long used = 0;
    for (int i = 0; i < 4; i++) {
      Thread.sleep(100);
      System.gc();
      used = Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
    return used;
  }

  /** Tells that it runs. */
  static void body(PlaceChannel<Long, String> channel) {
    channel.put(System.nanoTime());
  }

  /** Of one place after the other, in microseconds: until the body runs, and until it was joined. */
  void places(Isolation isolation, int count, int batches) {
    try (Node node = Node.start(NodeOptions.standard().allow("io.places.start"))) {
      for (int batch = 0; batch < batches; batch++) {
        double[] running = new double[count];
        double[] joined = new double[count];
        for (int i = 0; i < count; i++) {
          long start = System.nanoTime();
          Place<String, Long> place = node.place(Spawn.isolated(isolation), StartMeasure::body);
          long runs = place.get(); // of the same clock, also in another process of the machine
          place.join();
          joined[i] = (System.nanoTime() - start) / 1e3;
          running[i] = (runs - start) / 1e3;
        }
        printBatch(batch, batches, running, joined);
      }
    }
  }

  void threads(int count, int batches) throws InterruptedException {
    for (int batch = 0; batch < batches; batch++) {
      double[] running = new double[count];
      double[] joined = new double[count];
      for (int i = 0; i < count; i++) {
        long[] runs = new long[1];
        var done = new CountDownLatch(1);
        long start = System.nanoTime();
        Thread thread =
            Thread.ofPlatform()
                .daemon()
                .start(
                    () -> {
                      runs[0] = System.nanoTime();
                      done.countDown();
                    });
        done.await();
        thread.join();
        joined[i] = (System.nanoTime() - start) / 1e3;
        running[i] = (runs[0] - start) / 1e3;
      }
      printBatch(batch, batches, running, joined);
    }
  }

  private void printBatch(int batch, int batches, double[] running, double[] joined) {
    if (batch == 0) {
      print("first_us", joined[0]);
    }
    if (batch == batches - 1) {
      print("running_us", median(running));
      print("us", median(joined));
    }
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
