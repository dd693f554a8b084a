package io.places.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The main class of a process that makes an AOT cache with its own class path, and deletes those that nobody
 * needs any more. It ends by itself after a few seconds; whoever started it need not wait for that.
 */
final class AotMaker {
  /** Two JVMs, one after the other, take 3 s on an idle machine; on a busy one all others go first. */
  private static final Duration LIMIT = Duration.ofMinutes(10);

  /** Of 33 MB each: for a few programs with different versions of the library or the JDK, and options about modules. */
  private static final int KEPT = 8;

  private static final Duration KEPT_FOR = Duration.ofDays(30);

  /** In the package of nodes, which this one does not see. */
  private static final String TRAINING = "io.places.node.AotTraining";

  private AotMaker() {}

  /** Arguments: the file to make, and options about modules of the JVMs that are to start from it. */
  static void main(String[] arguments) throws IOException, InterruptedException {
    Path cache = Path.of(arguments[0]);
    prune(cache);
    Path part = AotCache.beside(cache, "." + ProcessHandle.current().pid() + AotCache.PART);
    try {
      if (train(part, List.of(arguments).subList(1, arguments.length))) {
        Files.writeString(AotCache.beside(cache, AotCache.SUM), AotCache.checksum(part));
        Files.move(part, cache, StandardCopyOption.ATOMIC_MOVE);
        Files.deleteIfExists(AotCache.beside(cache, AotCache.MAKING));
      }
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static boolean train(Path part, List<String> modules)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(AotCache.java());
    command.addAll(modules);
    command.addAll(
        List.of(
            "-XX:AOTCacheOutput=" + part,
            "-cp",
            System.getProperty("java.class.path"),
            TRAINING));
    Process training = AotCache.quiet(command, part.getParent()).start();
    if (!training.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
      training.descendants().forEach(ProcessHandle::destroyForcibly);
      training.destroyForcibly().waitFor();
      return false;
    }
    return training.exitValue() == 0 && Files.exists(part);
  }

  /** Leaves room for the new one. A process that has an old one open keeps it. */
  private static void prune(Path cache) throws IOException {
    List<Path> caches = new ArrayList<>();
    List<Path> others = new ArrayList<>();
    try (Stream<Path> files = Files.list(cache.getParent())) {
      files.forEach(file -> (file.toString().endsWith(AotCache.CACHE) ? caches : others).add(file));
    }
    caches.sort(Comparator.comparing(AotCache::lastUse).reversed());
    for (int i = 0; i < caches.size(); i++) {
      if (i >= KEPT - 1 || !AotCache.isYoung(caches.get(i), KEPT_FOR)) {
        Files.deleteIfExists(caches.get(i));
        Files.deleteIfExists(AotCache.beside(caches.get(i), AotCache.SUM));
      }
    }
    for (Path left : others) { // by makers that were ended
      if (!left.toString().endsWith(AotCache.SUM)
          && !AotCache.isYoung(left, AotCache.NEXT_ATTEMPT)) {
        Files.deleteIfExists(left);
      }
    }
  }
}
