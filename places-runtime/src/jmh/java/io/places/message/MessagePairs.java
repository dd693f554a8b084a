package io.places.message;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/*
 * On a machine with other work, wall-clock times of two benchmarks that run one after the other say
 * nothing about each other. Here the two take turns every third of a millisecond, in one thread, and what
 * counts is the processor time of that thread; garbage is collected by others, in time that is not
 * counted for either. Each pair has a JVM of its own, so that none spoils the code of the next.
 */

/** The benchmarks of messages beside their peers, for a machine that is not quiet. */
public final class MessagePairs {
  private static final Duration WARM_UP = Duration.ofMillis(2_500);

  /** Long beside the resolution of the clock, short beside the time slices of the system. */
  private static final long SLICE_NANOS = 300_000;

  private static final int SLICES = 151;

  @SuppressWarnings("UnusedVariable") // keeps results alive
  private static volatile Object sink = "";

  private interface Code {
    Object run() throws IOException;
  }

  private record Pair(double bar, Code ours, Code theirs) {}

  private record Figures(double bar, double ours, double theirs, double ratio) {}

  private MessagePairs() {}

  private static Map<String, Pair> pairs() {
    var records = new RecordBenchmark();
    var arrays = new BulkArrayBenchmark();
    var references = new ReferenceBenchmark();
    Map<String, Pair> pairs = new LinkedHashMap<>();
    pairs.put(
        "encode a record of 10 fields",
        new Pair(1.3, records::record10EncodePlaces, records::record10EncodeProtobuf));
    pairs.put(
        "the same, protobuf's message built first",
        new Pair(1.3, records::record10EncodePlaces, records::record10BuildAndEncodeProtobuf));
    pairs.put(
        "decode a record of 10 fields",
        new Pair(1.3, records::record10DecodePlaces, records::record10DecodeProtobuf));
    pairs.put(
        "encode a list of 1,000 such records",
        new Pair(1.3, records::list1000EncodePlaces, records::list1000EncodeProtobuf));
    pairs.put(
        "decode a list of 1,000 such records",
        new Pair(1.3, records::list1000DecodePlaces, records::list1000DecodeProtobuf));
    pairs.put(
        "encode a list of 1,000 numbers",
        new Pair(1.3, records::longs1000EncodePlaces, records::longs1000EncodeProtobuf));
    pairs.put(
        "decode a list of 1,000 numbers",
        new Pair(1.3, records::longs1000DecodePlaces, records::longs1000DecodeProtobuf));
    pairs.put(
        "copy 1 MiB of double[], beside System.arraycopy",
        new Pair(1 / 0.7, arrays::copy, arrays::bareArraycopy));
    pairs.put(
        "encode 1 MiB of double[], beside element by element",
        new Pair(1, arrays::encodeBlock, arrays::encodeElements));
    pairs.put(
        "decode 1 MiB of double[], beside element by element",
        new Pair(1, arrays::decodeBlock, arrays::decodeElements));
    pairs.put(
        "refer to a protobuf message of 100,000 parts, beside a small one",
        new Pair(1.3, references::largeProtobuf, references::smallProtobuf));
    pairs.put(
        "refer to a record of 100,000 records, beside a small one",
        new Pair(1.3, references::largeRecord, references::smallRecord));
    pairs.put(
        "refer to a record with 1.1 million characters, beside a small one",
        new Pair(1.3, references::longText, references::smallRecord));
    return pairs;
  }

  /**
   * Runs and prints.
   *
   * @param arguments how many rounds (default 5); in a JVM for one pair, its name
   */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Map<String, Pair> pairs = pairs();
    Pair one = arguments.length > 0 ? pairs.get(arguments[0]) : null;
    if (one != null) {
      measure(one);
    } else {
      int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
      print(pairs, rounds);
    }
  }

  private static void print(Map<String, Pair> pairs, int rounds)
      throws IOException, InterruptedException {
    Map<String, List<Figures>> figures = new LinkedHashMap<>();
    for (int round = 1; round <= rounds; round++) {
      System.err.println("round " + round + " of " + rounds);
      for (Map.Entry<String, Pair> pair : pairs.entrySet()) {
        figures
            .computeIfAbsent(pair.getKey(), absent -> new ArrayList<>())
            .add(inOwnJvm(pair.getKey(), pair.getValue().bar()));
      }
    }
    System.out.println("| | ours, ns | theirs, ns | ratio | least - most | bar |");
    System.out.println("|---|---:|---:|---:|---:|---:|");
    figures.forEach(
        (name, all) -> {
          double[] ratios = all.stream().mapToDouble(Figures::ratio).sorted().toArray();
          System.out.printf(
              "| %s | %,.0f | %,.0f | %.2f | %.2f - %.2f | %.2f |%n",
              name,
              median(all.stream().mapToDouble(Figures::ours).toArray()),
              median(all.stream().mapToDouble(Figures::theirs).toArray()),
              median(ratios),
              ratios[0],
              ratios[ratios.length - 1],
              all.getFirst().bar());
        });
  }

  private static Figures inOwnJvm(String name, double bar) throws IOException, InterruptedException {
    Process child =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx1g",
                "-XX:+UseSerialGC",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                MessagePairs.class.getName(),
                name)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String[] words =
        new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim().split(" ", -1);
    if (child.waitFor() != 0 || words.length != 3) {
      throw new IllegalStateException("the JVM for '" + name + "' failed");
    }
    return new Figures(
        bar,
        Double.parseDouble(words[0]),
        Double.parseDouble(words[1]),
        Double.parseDouble(words[2]));
  }

  private static void measure(Pair pair) throws IOException {
    int count = warmUp(pair);
    double[] ours = new double[SLICES];
    double[] theirs = new double[SLICES];
    double[] ratios = new double[SLICES];
    for (int i = 0; i < SLICES; i++) {
      ours[i] = slice(pair.ours(), count);
      theirs[i] = slice(pair.theirs(), count);
      ours[i] = Math.min(ours[i], slice(pair.ours(), count)); // the better of two, for each
      theirs[i] = Math.min(theirs[i], slice(pair.theirs(), count));
      ratios[i] = ours[i] / theirs[i];
    }
    System.out.println(median(ours) + " " + median(theirs) + " " + median(ratios));
  }

  /** Answers how many operations make a slice. */
  private static int warmUp(Pair pair) throws IOException {
    long end = System.nanoTime() + WARM_UP.toNanos();
    int count = 1;
    while (System.nanoTime() < end) {
      double took = slice(pair.ours(), count) * count;
      slice(pair.theirs(), count);
      if (took < SLICE_NANOS) {
        count *= 2;
      }
    }
    return count;
  }

  /** The processor time of one operation. */
  private static double slice(Code code, int count) throws IOException {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    for (int i = 0; i < count; i++) {
      sink = code.run();
    }
    return (threads.getCurrentThreadCpuTime() - start) / (double) count;
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
