package io.places.trace;

import io.places.channel.PlaceChannel;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.place.Place;
import java.util.concurrent.TimeUnit;
import jdk.jfr.Recording;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** What the events of messages cost: the time of one message, put and got, so of two events. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@SuppressWarnings("NullAway.Init") // JMH calls start() first
public class TraceBenchmark {
  /** As many as there is credit for: then nobody waits for room. */
  private static final int MESSAGES = PlaceChannel.CREDIT_MESSAGES;

  /** So many that the answer after them counts little. */
  private static final int REMOTE_MESSAGES = 50_000;

  private static final String MESSAGE = "m".repeat(100);
  private static final String PEER = "the second end of a channel pair";
  private static final long MOST_RECORDED = 64 << 20;

  /** Who records. */
  public enum Recorded {
    /** Nobody did in this JVM so far. */
    NEVER,
    /** Somebody does, but other events. */
    OTHERS,
    /** Somebody does, each put and get. */
    MESSAGES
  }

  @Param public Recorded recorded = Recorded.NEVER;

  private @Nullable Recording recording;
  private final PlaceChannel.Pair<String, String> ends =
      PlaceChannel.pair(String.class, String.class);
  private Node node;
  private Place<String, Integer> far;

  @Setup
  public void start() {
    if (recorded != Recorded.NEVER) {
      recording = new Recording();
      recording.setMaxSize(MOST_RECORDED);
      recording.enable("io.places.PlaceStart");
      if (recorded == Recorded.MESSAGES) {
        recording.enable("io.places.MessagePut");
        recording.enable("io.places.MessageGet");
      }
      recording.start();
    }
    node = Node.start(NodeOptions.standard().allow("io.places.trace"));
    far = node.launch(Node.inThisJvm()).place(TraceBenchmark::count);
  }

  @TearDown
  public void stop() {
    node.close();
    if (recording != null) {
      recording.close();
    }
  }

  static void count(PlaceChannel<Integer, String> creator) {
    int count = 0;
    while (true) {
      creator.get();
      if (++count == REMOTE_MESSAGES) {
        creator.put(count);
        count = 0;
      }
    }
  }

  /** The two calls alone. */
  @Benchmark
  public void calls() {
    Trace.put(PEER, MESSAGE.length());
    Trace.got(PEER, MESSAGE.length());
  }

  /** One thread puts and gets within the JVM: no change of threads hides what the calls cost. */
  @Benchmark
  @OperationsPerInvocation(MESSAGES)
  public void local() {
    for (int i = 0; i < MESSAGES; i++) {
      ends.first().put(MESSAGE);
    }
    for (int i = 0; i < MESSAGES; i++) {
      ends.second().get();
    }
  }

  /** From one node to another, by way of the loopback interface. */
  @Benchmark
  @OperationsPerInvocation(REMOTE_MESSAGES)
  public int remote() {
    for (int i = 0; i < REMOTE_MESSAGES; i++) {
      far.put(MESSAGE);
    }
    return far.get();
  }
}
