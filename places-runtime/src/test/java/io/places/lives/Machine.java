package io.places.lives;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

/** What this JVM holds of the machine, so that a test can see whether it is given back. */
record Machine(long threads, long descriptors, long heap, long classes) {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Path OPEN_FILES = Path.of("/proc/self/fd");

  static Machine now() {
    return new Machine(threadsNow(), descriptorsNow(), heapNow(), classesNow());
  }

  /** Waits until no more is held than at this moment, but for what the JVM itself has begun to use. */
  void isBack() {
    isBack("threads", Machine::threadsNow, threads + 8);
    isBack("open files", Machine::descriptorsNow, descriptors + 4);
    isBack("bytes of heap", Machine::heapNow, heap + (4 << 20));
    isBack("classes", Machine::classesNow, classes + 600);
  }

  private static void isBack(String what, LongSupplier now, long most) {
    long start = System.nanoTime();
    while (now.getAsLong() > most && System.nanoTime() - start < LIMIT.toNanos()) {
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
    assertThat(now.getAsLong()).as(what).isLessThanOrEqualTo(most);
  }

  private static long threadsNow() {
    return ManagementFactory.getThreadMXBean().getThreadCount();
  }

  private static long descriptorsNow() {
    if (!Files.isDirectory(OPEN_FILES)) {
      return 0; // only Linux tells
    }
    long count = 0;
    try (DirectoryStream<Path> files = Files.newDirectoryStream(OPEN_FILES)) {
      for (Path file : files) {
        count += Files.exists(file) || Files.isSymbolicLink(file) ? 1 : 0;
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return count;
  }

  private static long heapNow() {
    var runtime = Runtime.getRuntime();
    long used = Long.MAX_VALUE;
    for (int i = 0; i < 3; i++) {
      System.gc();
      used = Math.min(used, runtime.totalMemory() - runtime.freeMemory());
    }
    return used;
  }

  private static long classesNow() {
    return ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();
  }
}
