package io.places.rpc.servers;

import io.places.LaunchException;
import io.places.cluster.ClusterOptions;
import io.places.cluster.LocalCluster;
import io.places.rpc.ClientOptions;
import io.places.rpc.RpcException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/*
 * Several callers call one server all the time, each call once and under a number of its own; the server
 * writes the number to a file, which survives it. Again and again its process is killed at some moment, and
 * the server started on another one. In the end the file says which calls ran, and how often.
 */
/** Kills a server's process under load, many times, and looks whether callers were told the truth. */
final class Kills {
  private static final int CALLERS = 4;

  /** One serves; the others are up, or just being launched anew. */
  private static final int NODES = 3;

  private static final int ATTEMPTS = 5;

  /**
   * What came of it.
   *
   * @param outcomes how many calls ended how; "OK" or a status
   * @param unknownThatRan how many of those with an unknown outcome had run
   * @param lies what does not fit, for people
   */
  record Report(Map<String, Integer> outcomes, int unknownThatRan, List<String> lies) {}

  private final Path file;
  private final Random random;
  private final LocalCluster cluster;
  private final AtomicLong numbers = new AtomicLong();
  private final AtomicLong answered = new AtomicLong();
  private final Map<Long, String> outcomes = new ConcurrentHashMap<>();
  private final AtomicInteger serving = new AtomicInteger(1);
  private final Map<Integer, CompletableFuture<?>> restarts = new HashMap<>();
  private volatile boolean over;

  private Kills(Path file, long seed, LocalCluster cluster) {
    this.file = file;
    this.random = new Random(seed);
    this.cluster = cluster;
  }

  static Report run(int kills, long seed, Path file) throws Exception {
    try (LocalCluster cluster =
        LocalCluster.start(
            ClusterOptions.processes(NODES)
                .allow("io.places.rpc.servers")
                // most of them live a second
                .jvmOptions("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"))) {
      return new Kills(file, seed, cluster).run(kills);
    }
  }

  private Report run(int kills) throws Exception {
    WorkbenchPlace.start(cluster.node(1));
    var callersLeft = new CountDownLatch(CALLERS);
    try (WorkbenchClient client =
        WorkbenchClient.connect(() -> cluster.node(serving.get()), ClientOptions.standard().waiting())) {
      for (int i = 0; i < CALLERS; i++) {
        Thread.startVirtualThread(
            () -> {
              try {
                calls(client);
              } finally {
                callersLeft.countDown();
              }
            });
      }
      for (int kill = 1; kill <= kills; kill++) {
        killOnce();
        if (kill % 50 == 0) {
          System.out.printf("%d kills, %d calls%n", kill, outcomes.size());
        }
      }
      awaitAnswers(1);
      over = true;
      CompletableFuture.allOf(restarts.values().toArray(CompletableFuture[]::new))
          .get(60, TimeUnit.SECONDS);
      if (!callersLeft.await(60, TimeUnit.SECONDS)) {
        throw new AssertionError("a caller waits for ever");
      }
    }
    return report();
  }

  private void calls(WorkbenchClient client) {
    while (!over) {
      long number = numbers.incrementAndGet();
      outcomes.put(number, "none");
      try {
        client.append(file.toString(), number);
        outcomes.put(number, "OK");
        answered.incrementAndGet();
      } catch (RpcException e) {
        outcomes.put(number, e.status() + (e.mayHaveRun() ? "" : " (not run)"));
      } catch (RuntimeException e) {
        outcomes.put(number, e.toString());
      }
    }
  }

  private void killOnce() throws Exception {
    awaitAnswers(1 + random.nextInt(60));
    int doomed = serving.get();
    int next = doomed % NODES + 1;
    CompletableFuture<?> up = restarts.get(next);
    if (up != null) {
      up.get(60, TimeUnit.SECONDS);
    }
    WorkbenchPlace.start(cluster.node(next));
    cluster.kill(doomed);
    serving.set(next);
    restarts.put(doomed, CompletableFuture.runAsync(() -> restart(doomed)));
  }

  /** On a machine that has much else to do a process may not come up in time: that is not the point here. */
  private void restart(int node) {
    for (int attempt = 1; ; attempt++) {
      try {
        cluster.restart(node);
        return;
      } catch (LaunchException e) {
        System.out.printf("attempt %d to launch node %d failed: %s%n", attempt, node, e.getMessage());
        if (attempt == ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  private void awaitAnswers(int count) throws InterruptedException {
    long enough = answered.get() + count;
    long start = System.nanoTime();
    while (answered.get() < enough) {
      if (System.nanoTime() - start > TimeUnit.SECONDS.toNanos(60)) {
        throw new AssertionError("no call was answered for a minute: " + counts());
      }
      TimeUnit.MICROSECONDS.sleep(200);
    }
  }

  private Map<String, Integer> counts() {
    Map<String, Integer> counts = new TreeMap<>();
    outcomes.values().forEach(outcome -> counts.merge(outcome, 1, Integer::sum));
    return counts;
  }

  private Report report() throws IOException {
    Map<Long, Integer> runs = new HashMap<>();
    for (String line : Files.readAllLines(file)) {
      runs.merge(Long.parseLong(line), 1, Integer::sum);
    }
    List<String> lies = new ArrayList<>();
    int unknownThatRan = 0;
    for (var each : outcomes.entrySet()) {
      int ran = runs.getOrDefault(each.getKey(), 0);
      boolean fits =
          switch (each.getValue()) {
            case "OK" -> ran == 1;
            case "UNKNOWN_OUTCOME" -> ran <= 1;
            case "UNAVAILABLE (not run)", "RESTARTED (not run)" -> ran == 0;
            default -> false;
          };
      if (!fits) {
        lies.add("call %d: %s, but ran %d times".formatted(each.getKey(), each.getValue(), ran));
      }
      if (each.getValue().equals("UNKNOWN_OUTCOME")) {
        unknownThatRan += ran;
      }
    }
    return new Report(counts(), unknownThatRan, lies);
  }

  /** Kills as often as the first argument says: {@code scripts/rpc-kills.sh}. */
  public static void main(String[] arguments) throws Exception {
    int kills = Integer.parseInt(arguments[0]);
    long seed = arguments.length > 1 ? Long.parseLong(arguments[1]) : System.nanoTime();
    System.out.printf("%d kills, seed %d%n", kills, seed);
    Path file = Files.createTempFile("rpc-kills", ".txt");
    long start = System.nanoTime();
    Report report;
    try {
      report = run(kills, seed, file);
    } finally {
      Files.delete(file);
    }
    System.out.printf(
        "%d kills in %d s: %s; of those with an unknown outcome %d had run%n",
        kills,
        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start),
        report.outcomes(),
        report.unknownThatRan());
    report.lies().forEach(System.out::println);
    System.exit(report.lies().isEmpty() ? 0 : 1);
  }
}
