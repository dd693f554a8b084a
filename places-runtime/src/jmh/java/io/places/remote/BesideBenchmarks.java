package io.places.remote;

import io.places.channel.PlaceChannel;
import io.places.launch.Launch;
import io.places.node.Node;
import io.places.node.RemoteNode;
import io.places.place.Place;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * Round trips to a place while another of the same node gets messages of 64 MiB, several rounds, each in two new
 * JVMs. For comparison the same while the 64 MiB go from array to array by a bare socket between the same JVMs: what
 * the machine does to a round trip anyway.
 */
public final class BesideBenchmarks {
  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String RESULT = "RESULT ";
  private static final int LARGE = (64 << 20) - 100;
  private static final int PIECE = 64 << 10;
  private static final int TRIPS = 3_000;
  private static final int WARM_MESSAGES = 10;
  private static final int MESSAGES = 20;

  /** What else goes on. */
  private enum Load {
    NOTHING,
    PLACES,
    SOCKET
  }

  private interface Sending {
    void run() throws IOException;
  }

  private BesideBenchmarks() {}

  /**
   * Runs and prints.
   *
   * @param arguments how many rounds (default 10)
   */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length > 0 && arguments[0].equals("measure")) {
      measure();
      System.exit(0);
    }
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
    Map<Load, List<double[]>> all = new EnumMap<>(Load.class);
    for (int round = 1; round <= rounds; round++) {
      System.err.printf("round %d of %d%n", round, rounds);
      run(all);
    }
    System.out.println("| beside | median us | 90 % | 99 % | 99 % to idle | in the rounds |");
    System.out.println("|---|---:|---:|---:|---:|---|");
    all.forEach((load, figures) -> print(load, figures, all.getOrDefault(Load.NOTHING, List.of())));
  }

  private static void print(Load load, List<double[]> figures, List<double[]> idle) {
    double[] ratios = new double[Math.min(figures.size(), idle.size())];
    for (int i = 0; i < ratios.length; i++) {
      ratios[i] = figures.get(i)[2] / idle.get(i)[2];
    }
    Arrays.sort(ratios);
    System.out.printf(
        "| %s | %.0f | %.0f | %.0f | %.1f | %.1f - %.1f |%n",
        load,
        median(figures, 0),
        median(figures, 1),
        median(figures, 2),
        ratios[ratios.length / 2],
        ratios[0],
        ratios[ratios.length - 1]);
  }

  private static double median(List<double[]> figures, int which) {
    double[] sorted = figures.stream().mapToDouble(each -> each[which]).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static void run(Map<Load, List<double[]>> all) throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
            "-cp",
            System.getProperty("java.class.path"),
            BesideBenchmarks.class.getName(),
            "measure");
    Process measuring =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    try (BufferedReader output = measuring.inputReader()) {
      output
          .lines()
          .filter(line -> line.startsWith(RESULT))
          .forEach(
              line -> {
                String[] words = line.substring(RESULT.length()).split(" ", -1);
                all.computeIfAbsent(Load.valueOf(words[0]), load -> new ArrayList<>())
                    .add(Arrays.stream(words).skip(1).mapToDouble(Double::parseDouble).toArray());
                System.err.println("  " + line);
              });
    }
  }

  private static void measure() throws Exception {
    RemoteNode node = Node.start().launch(Launch.process());
    Place<String, String> echo = node.place(BesideBenchmarks::echo);
    Place<byte[], Integer> sink = node.place(BesideBenchmarks::sizes);
    Place<Integer, Integer> bare = node.place(BesideBenchmarks::reads);
    byte[] large = new byte[LARGE];
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), bare.get(LIMIT));
    try (SocketChannel socket = SocketChannel.open(address)) {
      Sending byPlaces =
          () -> {
            sink.put(large);
            requireAll(sink.get(LIMIT));
          };
      Sending bySocket =
          () -> {
            for (int at = 0; at < LARGE; ) {
              at += socket.write(ByteBuffer.wrap(large, at, Math.min(PIECE, LARGE - at)));
            }
            requireAll(bare.get(LIMIT));
          };
      beside(byPlaces, WARM_MESSAGES, echo);
      beside(bySocket, WARM_MESSAGES, echo);
      trips(echo, 5 * TRIPS);
      tell(Load.NOTHING, trips(echo, TRIPS));
      tell(Load.PLACES, beside(byPlaces, MESSAGES, echo));
      tell(Load.SOCKET, beside(bySocket, MESSAGES, echo));
    }
  }

  static void echo(PlaceChannel<String, String> channel) {
    while (true) {
      channel.put(channel.get());
    }
  }

  static void sizes(PlaceChannel<Integer, byte[]> channel) {
    while (true) {
      channel.put(channel.get().length);
    }
  }

  /** Reads what comes by a socket into one array. */
  static void reads(PlaceChannel<Integer, Integer> channel) throws IOException {
    byte[] array = new byte[LARGE];
    ByteBuffer piece = ByteBuffer.allocateDirect(PIECE);
    try (ServerSocketChannel door =
        ServerSocketChannel.open()
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      channel.put(((InetSocketAddress) door.getLocalAddress()).getPort());
      try (SocketChannel socket = door.accept()) {
        int at = 0;
        while (socket.read(piece.clear()) > 0) {
          int count = piece.flip().remaining();
          piece.get(array, at, count);
          at += count;
          if (at == LARGE) {
            channel.put(at);
            at = 0;
          }
        }
      }
    }
  }

  private static void requireAll(int size) {
    if (size != LARGE) {
      throw new AssertionError("of %d bytes there came %d".formatted(LARGE, size));
    }
  }

  private static List<Long> beside(Sending sending, int times, Place<String, String> echo)
      throws Exception {
    List<Long> trips = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      CompletableFuture<Void> sent =
          CompletableFuture.runAsync(
              () -> {
                try {
                  sending.run();
                } catch (IOException e) {
                  throw new AssertionError("the socket broke", e);
                }
              },
              Thread::startVirtualThread);
      while (!sent.isDone()) {
        trips.addAll(trips(echo, 1));
      }
      sent.get();
    }
    return trips;
  }

  private static List<Long> trips(Place<String, String> echo, int count) {
    List<Long> trips = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      long start = System.nanoTime();
      echo.put("x");
      echo.get(LIMIT);
      trips.add(System.nanoTime() - start);
    }
    return trips;
  }

  private static void tell(Load load, List<Long> trips) {
    long[] sorted = trips.stream().mapToLong(Long::longValue).sorted().toArray();
    System.out.printf(
        "%s%s %.1f %.1f %.1f %d%n",
        RESULT,
        load,
        sorted[sorted.length / 2] / 1e3,
        sorted[sorted.length * 9 / 10] / 1e3,
        sorted[sorted.length - 1 - sorted.length / 100] / 1e3,
        sorted.length);
  }
}
