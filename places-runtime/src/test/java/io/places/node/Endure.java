package io.places.node;

import io.places.NodeLostException;
import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import io.places.cluster.ClusterOptions;
import io.places.cluster.LocalCluster;
import io.places.launch.Launch;
import io.places.place.Place;
import io.places.place.Spawn;
import io.places.wire.ClusterKey;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What a node must bear, for long: scripts/nodes-endure.sh. Nodes are frozen for 2 s, cut off for 3 s and for 30 s,
 * and lose their connection under load, all at the same time; then a reader is slow for minutes.
 */
final class Endure {
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final int FROZEN_AT_ONCE = 4;
  private static final int CUT_AT_ONCE = 10;

  /** After a break that others must bear, some time to see that they have. */
  private static final long REST_MILLIS = 1_500;

  /** A collector may keep so much more than it did before. */
  private static final long HEAP_SLACK = 16L << 20;

  private static final double MIB = 1 << 20;

  /** By how much the p99 of one channel may grow beside a slow reader of another. */
  private static final double RATIO = 1.5;

  private final NodeOptions options =
      NodeOptions.standard()
          .key(ClusterKey.random(new SecureRandom()))
          .allow(Endure.class.getPackageName());
  private final List<String> wrong = new CopyOnWriteArrayList<>();

  public static void main(String[] arguments) {
    int times = Integer.parseInt(arguments[0]);
    long seconds = Math.round(60 * Double.parseDouble(arguments[1]));
    var endure = new Endure();
    CompletableFuture.allOf(
            async(() -> endure.frozen(times)),
            async(() -> endure.cut(times)),
            async(() -> LongCut.run(endure.options, Math.max(1, times / 20), endure.wrong::add)),
            async(() -> endure.reset(times)))
        .join();
    endure.slowReader(seconds);
    endure.wrong.forEach(each -> System.out.println("WRONG: " + each));
    System.exit(endure.wrong.isEmpty() ? 0 : 1);
  }

  private static CompletableFuture<Void> async(Runnable task) {
    return CompletableFuture.runAsync(task, Thread::startVirtualThread);
  }

  /** Asks one question after the other, and knows the longest time that an answer took. */
  private final class Asking {
    private final String who;
    private final AtomicLong longest = new AtomicLong();
    private volatile boolean over;
    private final CompletableFuture<Void> asking;

    Asking(String who, PlaceChannel<String, String> echo) {
      this.who = who;
      asking = async(() -> ask(echo));
    }

    private void ask(PlaceChannel<String, String> echo) {
      long last = System.nanoTime();
      for (int i = 0; !over; i++) {
        echo.put(who + i);
        String answer = echo.get(SOON);
        if (!answer.equals(who + i)) {
          wrong.add("%s got '%s' instead of the answer to %d".formatted(who, answer, i));
        }
        long now = System.nanoTime();
        longest.accumulateAndGet(now - last, Math::max);
        last = now;
      }
    }

    /** Answers whether it was never told of a loss. */
    boolean end() {
      over = true;
      try {
        asking.join();
        return true;
      } catch (CompletionException e) {
        wrong.add(who + " was told: " + e.getCause());
        return false;
      }
    }
  }

  private void frozen(int times) {
    int deaths = 0;
    long longest = 0;
    try (LocalCluster cluster =
        LocalCluster.start(
            ClusterOptions.processes(FROZEN_AT_ONCE).allow(Endure.class.getPackageName()))) {
      List<Asking> all = new ArrayList<>();
      for (RemoteNode node : cluster.nodes()) {
        all.add(new Asking(node.name() + ", ", node.place(Bodies::echo)));
      }
      for (int done = 0; done < times; done += FROZEN_AT_ONCE) {
        for (int node = 1; node <= FROZEN_AT_ONCE; node++) {
          cluster.pause(node);
        }
        sleep(2_000);
        for (int node = 1; node <= FROZEN_AT_ONCE; node++) {
          cluster.resume(node);
        }
        sleep(REST_MILLIS);
      }
      for (Asking each : all) {
        deaths += each.end() ? 0 : 1;
        longest = Math.max(longest, each.longest.get());
      }
    }
    System.out.printf(
        "frozen for 2 s, %d times: %d false deaths, longest gap %.2f s%n",
        times, deaths, longest / 1e9);
  }

  private void cut(int times) {
    int deaths = 0;
    long longest = 0;
    try (Node owner = Node.start(options.name("owner"))) {
      RemoteNode far = owner.launch(Launch.process());
      List<Relay> ways = new ArrayList<>();
      List<Node> nodes = new ArrayList<>();
      List<Asking> all = new ArrayList<>();
      for (int i = 1; i <= CUT_AT_ONCE; i++) {
        var way = new Relay(far.address());
        ways.add(way);
        Node near = Node.start(options.name("near-" + i));
        nodes.add(near);
        all.add(new Asking(near.name() + ", ", near.connect(way.address()).place(Bodies::echo)));
      }
      for (int done = 0; done < times; done += CUT_AT_ONCE) {
        ways.forEach(Relay::cutThere);
        ways.forEach(Relay::cutBack);
        sleep(3_000);
        ways.forEach(Relay::heal);
        sleep(REST_MILLIS);
      }
      for (Asking each : all) {
        deaths += each.end() ? 0 : 1;
        longest = Math.max(longest, each.longest.get());
      }
      nodes.forEach(Node::close);
      ways.forEach(Relay::close);
    }
    System.out.printf(
        "cut off for 3 s, %d times: %d false deaths, longest gap %.2f s%n",
        times, deaths, longest / 1e9);
  }

  /** What a process holds: "descriptors heap". */
  static void holds(PlaceChannel<String, String> channel) {
    while (true) {
      channel.get();
      System.gc();
      Runtime jvm = Runtime.getRuntime();
      String[] descriptors = new File("/proc/self/fd").list();
      channel.put(
          "%d %d"
              .formatted(
                  descriptors == null ? 0 : descriptors.length,
                  jvm.totalMemory() - jvm.freeMemory()));
    }
  }

  /** Keeps a node busy by a way that leads to it, until that is reset; tells what that was taken for. */
  static void load(PlaceChannel<String, Integer> ports) {
    while (true) {
      var way = new InetSocketAddress(InetAddress.getLoopbackAddress(), ports.get());
      int answers = 0;
      try {
        PlaceChannel<String, String> echo =
            Node.current().connect(way).named("echo", String.class, String.class);
        while (true) {
          echo.ask("more", SOON);
          answers++;
        }
      } catch (PlacesException e) {
        ports.put(answers > 0 ? e.getClass().getSimpleName() : "no answer: " + e);
      }
    }
  }

  /** One of the two nodes whose connection is reset. */
  private final class Side {
    private final RemoteNode node;
    private final Place<String, String> holds;
    private long[] before = {};

    Side(RemoteNode node) {
      this.node = node;
      holds = node.place(Endure::holds);
    }

    void begin() {
      awaitTheLastReset();
      before = held(holds);
    }

    String end() {
      awaitTheLastReset();
      long[] after = held(holds);
      if (after[0] > before[0] || after[1] > before[1] + HEAP_SLACK) {
        wrong.add("resets leave something behind in " + node.name());
      }
      return "%s had %d descriptors and %.1f MiB, has %d and %.1f MiB"
          .formatted(node.name(), before[0], before[1] / MIB, after[0], after[1] / MIB);
    }

    /** One side hears of a reset before the other. */
    private void awaitTheLastReset() {
      long end = System.nanoTime() + SOON.toNanos();
      while (node.status().connections().rows().size() > 1) {
        if (System.nanoTime() - end > 0) {
          wrong.add("a connection that was reset is still there in " + node.name());
          return;
        }
        Endure.sleep(1);
      }
    }
  }

  /** Under load, every 2 s. */
  private void reset(int times) {
    try (Node owner = Node.start(options.name("reset-owner"))) {
      RemoteNode far = owner.launch("far", Launch.process());
      far.place(Spawn.named("echo"), PartitionBodies::serve);
      RemoteNode near = owner.launch("near", Launch.process());
      Place<Integer, String> load = near.place(Endure::load);
      List<Side> sides = List.of(new Side(far), new Side(near));
      var way = new Relay(far.address());
      resetOnce(load, way); // what is made once is there then
      sides.forEach(Side::begin);
      for (int i = 1; i < times; i++) {
        resetOnce(load, way);
      }
      System.out.printf(
          "reset under load every 2 s, %d times: %s%n",
          times, String.join("; ", sides.stream().map(Side::end).toList()));
      way.close();
    }
  }

  private static long[] held(Place<String, String> holds) {
    return Arrays.stream(holds.ask("now", SOON).split(" ")).mapToLong(Long::parseLong).toArray();
  }

  private void resetOnce(Place<Integer, String> load, Relay way) {
    load.put(way.address().getPort());
    sleep(2_000);
    try {
      way.reset();
    } catch (IOException e) {
      wrong.add("cannot reset: " + e);
    }
    String told = load.get(SOON);
    if (!told.equals(NodeLostException.class.getSimpleName())) {
      wrong.add("a reset under load ends in " + told);
    }
  }

  static void readsSlowly(PlaceChannel<Integer, byte[]> channel) throws InterruptedException {
    for (int got = 1; ; got++) {
      channel.get();
      Thread.sleep(5); // 200 a second, of those who could put thousands
      if (got % 100 == 0) {
        channel.put(got);
      }
    }
  }

  private void slowReader(long seconds) {
    try (LocalCluster cluster =
        LocalCluster.start(
            ClusterOptions.processes(1)
                .allow(Endure.class.getPackageName())
                .jvmOptions("-Xmx256m"))) {
      RemoteNode node = cluster.node(1);
      PlaceChannel<String, String> echo = node.place(Bodies::echo);
      Place<String, String> holds = node.place(Endure::holds);
      roundTrips(echo, Duration.ofSeconds(3));
      final long idle = roundTrips(echo, Duration.ofSeconds(Math.min(30, seconds)));
      long[] before = held(holds);
      Place<byte[], Integer> slow = node.place(Endure::readsSlowly);
      AtomicLong put = new AtomicLong();
      CompletableFuture<Void> puts =
          async(
              () -> {
                while (true) {
                  slow.put(new byte[10_000]);
                  put.incrementAndGet();
                }
              });
      long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
      long peak = 0;
      List<Long> p99s = new ArrayList<>();
      while (System.nanoTime() - end < 0) {
        p99s.add(roundTrips(echo, Duration.ofSeconds(5)));
        peak = Math.max(peak, held(holds)[1]);
      }
      long got = 0;
      for (Integer told = slow.poll().orElse(null); told != null; told = slow.poll().orElse(null)) {
        got = told;
      }
      slow.kill();
      puts.exceptionally(lost -> null).join();
      long busy = p99s.stream().sorted().toList().get(p99s.size() / 2);
      System.out.printf(
          "slow reader, %d s: %d put, %d got; its node's heap %.1f MiB before, at most %.1f MiB; p99 of another channel %d us idle, %d us beside (median of %d), %.2f times (bar %.1f)%n",
          seconds,
          put.get(),
          got,
          before[1] / MIB,
          peak / MIB,
          idle / 1_000,
          busy / 1_000,
          p99s.size(),
          (double) busy / idle,
          RATIO);
      if (busy > RATIO * idle) {
        wrong.add("the slow reader slows another channel down");
      }
      if (put.get() > got + 2_000) {
        wrong.add("the sender was not held back");
      }
      if (peak > before[1] + 2 * HEAP_SLACK) {
        wrong.add("the heap of the slow reader's node grows");
      }
    }
  }

  /** Their p99 in nanoseconds. */
  private static long roundTrips(PlaceChannel<String, String> echo, Duration lasting) {
    long end = System.nanoTime() + lasting.toNanos();
    List<Long> nanos = new ArrayList<>();
    for (long start = System.nanoTime(); start - end < 0; start = System.nanoTime()) {
      echo.put("x");
      echo.get(SOON);
      nanos.add(System.nanoTime() - start);
    }
    nanos.sort(null);
    return nanos.get(nanos.size() - 1 - nanos.size() / 100);
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
