package io.places.start;

import io.places.channel.PlaceChannel;
import io.places.cluster.LocalCluster;
import io.places.launch.Launch;
import io.places.node.Node;
import io.places.node.RemoteNode;
import io.places.place.Place;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Measures how long nodes take to start, in turn with a JVM that does nothing, and what a cluster costs that
 * does nothing. Its class path must have the library as a jar, and places/aot of its cache folder
 * are its own.
 */
public final class NodeStartBenchmarks {
  private static final String AOT = "io.places.aot";
  private static final int NODES = 8;
  private static final Duration SETTLING = Duration.ofSeconds(15);
  private static final Duration IDLE = Duration.ofSeconds(30);
  private static final int IDLE_ROUNDS = 3;

  /** A tick of /proc/PID/stat, on every Linux that matters. */
  private static final int TICK_MILLIS = 10;

  /** Figures of one kind, of all rounds. */
  private final Map<String, List<Double>> figures = new LinkedHashMap<>();

  private NodeStartBenchmarks() {}

  /**
   * Runs and prints.
   *
   * @param arguments how many rounds, the folder in which the cache will turn up, and for how many seconds a cluster that does
   *     nothing has been up when it is measured, which is done once then
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    int rounds = Integer.parseInt(arguments[0]);
    var benchmarks = new NodeStartBenchmarks();
    benchmarks.makeCache(Path.of(arguments[1]));
    for (int round = 1; round <= rounds; round++) {
      System.err.printf(
          "round %d of %d, load %s%n", round, rounds, Files.readString(Path.of("/proc/loadavg")).strip());
      benchmarks.plainJvm();
      benchmarks.node("node, AOT cache", "on");
      benchmarks.node("node, no AOT cache", "off");
      benchmarks.cluster(1);
      benchmarks.cluster(NODES);
    }
    boolean isOnce = arguments.length > 2;
    Duration settling = isOnce ? Duration.ofSeconds(Long.parseLong(arguments[2])) : SETTLING;
    int idleRounds = isOnce ? 1 : IDLE_ROUNDS;
    for (int round = 1; round <= idleRounds; round++) {
      System.err.printf("idle: round %d of %d%n", round, idleRounds);
      benchmarks.idle(settling);
    }
    benchmarks.print();
  }

  static void echo(PlaceChannel<String, String> creator) {
    creator.put(creator.get());
  }

  /** What a program does that starts for the first time on a machine. */
  private void makeCache(Path caches) throws IOException, InterruptedException {
    try (Node node = Node.start()) {
      node.launch(Launch.process()).place(NodeStartBenchmarks::echo);
    }
    for (int i = 0; i < 3_000; i++) {
      try (Stream<Path> files = Files.walk(caches)) {
        if (files.anyMatch(file -> file.toString().endsWith(".aot"))) {
          return;
        }
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException("no cache turned up in " + caches);
  }

  private void plainJvm() throws IOException, InterruptedException {
    double before = childrenMillis();
    long start = System.nanoTime();
    Process jvm =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Nothing.class.getName())
            .redirectErrorStream(true)
            .start();
    jvm.getInputStream().transferTo(System.err);
    jvm.waitFor();
    add("plain JVM: wall, ms", millisSince(start));
    add("plain JVM: processor, ms", childrenMillis() - before);
  }

  private void node(String what, String aot) throws IOException {
    System.setProperty(AOT, aot);
    try (Node node = Node.start()) {
      long start = System.nanoTime();
      RemoteNode launched = node.launch(Launch.process());
      final double up = millisSince(start);
      Place<String, String> place = launched.place(NodeStartBenchmarks::echo);
      place.put("hello");
      place.get();
      add(what + ", up: wall, ms", up);
      add(what + ", first reply: wall, ms", millisSince(start));
      add(what + ", first reply: processor, ms", processorMillis(launched));
    } finally {
      System.setProperty(AOT, "on");
    }
  }

  private void cluster(int nodes) throws IOException {
    long start = System.nanoTime();
    try (LocalCluster cluster = LocalCluster.processes(nodes)) {
      add("cluster of " + nodes + " up: wall, ms", millisSince(start));
      double processor = 0;
      for (RemoteNode each : cluster.nodes()) {
        processor += processorMillis(each);
      }
      add("cluster of " + nodes + " up: processor, ms", processor);
    }
    if (nodes > 1) {
      for (String kind : List.of("wall", "processor")) {
        add(
            "%d nodes to 1, %s".formatted(nodes, kind),
            last("cluster of %d up: %s, ms".formatted(nodes, kind))
                / last("cluster of 1 up: " + kind + ", ms"));
      }
    }
  }

  private double last(String name) {
    return figures.getOrDefault(name, List.of()).getLast();
  }

  private void idle(Duration settling) throws IOException, InterruptedException {
    try (LocalCluster cluster = LocalCluster.processes(NODES)) {
      Thread.sleep(settling);
      double before = allThreadsMillis(cluster);
      long own = threadsMillis("self");
      long start = System.nanoTime();
      Thread.sleep(IDLE);
      double wall = millisSince(start);
      add(
          "idle cluster of " + NODES + ", the nodes: % of a core",
          100 * (allThreadsMillis(cluster) - before) / wall);
      add("its owner: % of a core", 100 * (threadsMillis("self") - own) / wall);
    }
  }

  private static double allThreadsMillis(LocalCluster cluster) throws IOException {
    double sum = 0;
    for (RemoteNode each : cluster.nodes()) {
      sum += threadsMillis(Long.toString(each.processId()));
    }
    return sum;
  }

  /** Exact, for threads that live on. */
  private static long threadsMillis(String process) throws IOException {
    long nanos = 0;
    try (Stream<Path> threads = Files.list(Path.of("/proc", process, "task"))) {
      for (Path thread : threads.toList()) {
        nanos += Long.parseLong(Files.readString(thread.resolve("schedstat")).split(" ", -1)[0]);
      }
    }
    return nanos / 1_000_000;
  }

  private static double processorMillis(RemoteNode node) throws IOException {
    String[] stat = stat(Long.toString(node.processId()));
    return ticks(stat[11], stat[12]);
  }

  /** Of the children of this process that have ended. */
  private static double childrenMillis() throws IOException {
    String[] stat = stat("self");
    return ticks(stat[13], stat[14]);
  }

  /** The fields of a process behind its name, which may have blanks. */
  private static String[] stat(String process) throws IOException {
    String stat = Files.readString(Path.of("/proc", process, "stat"));
    return stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
  }

  private static double ticks(String user, String system) {
    return (Long.parseLong(user) + Long.parseLong(system)) * (double) TICK_MILLIS;
  }

  private static double millisSince(long start) {
    return (System.nanoTime() - start) / 1e6;
  }

  private void add(String name, double value) {
    figures.computeIfAbsent(name, absent -> new ArrayList<>()).add(value);
  }

  private void print() {
    System.out.println("| | median | least | most |");
    System.out.println("|---|---:|---:|---:|");
    figures.forEach(
        (name, all) -> {
          double[] values = all.stream().mapToDouble(Double::doubleValue).sorted().toArray();
          System.out.printf(
              name.contains(", ms") ? "| %s | %,.0f | %,.0f | %,.0f |%n" : "| %s | %.2f | %.2f | %.2f |%n",
              name,
              values[values.length / 2],
              values[0],
              values[values.length - 1]);
        });
  }

  /** A program without any work. */
  static final class Nothing {
    private Nothing() {}

    public static void main(String[] arguments) {}
  }
}
