package io.places.channel;

import io.places.message.readings.LongsProto;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/**
 * What large messages cost on their way through a channel, put and got by one thread: an array the one
 * copy, and little else; what is immutable nothing that grows with it.
 */
@State(Scope.Thread)
public class BulkBenchmark {
  private static final int DOUBLES = (1 << 20) / Double.BYTES;
  private static final int LARGE = 10_000;

  /** What is immutable all through. */
  public record Lines(List<String> lines) {}

  private final double[] doubles = new double[DOUBLES];
  private final double[] copied = new double[DOUBLES];
  private final Lines smallRecord = lines(1);
  private final Lines largeRecord = lines(LARGE);
  private final LongsProto smallProtobuf = longs(1);
  private final LongsProto largeProtobuf = longs(LARGE);

  private final PlaceChannel.Pair<double[], double[]> arrays =
      PlaceChannel.pair(double[].class, double[].class);

  private final PlaceChannel.Pair<Lines, Lines> records =
      PlaceChannel.pair(Lines.class, Lines.class);

  private final PlaceChannel.Pair<LongsProto, LongsProto> protobufs =
      PlaceChannel.pair(LongsProto.class, LongsProto.class);

  public BulkBenchmark() {
    Arrays.fill(doubles, 7);
  }

  private static Lines lines(int count) {
    return new Lines(List.copyOf(IntStream.range(0, count).mapToObj(i -> "line " + i).toList()));
  }

  private static LongsProto longs(int count) {
    return LongsProto.newBuilder()
        .addAllValues(LongStream.range(0, count).boxed().toList())
        .build();
  }

  private static <T> T through(PlaceChannel.Pair<T, T> ends, T message) {
    ends.first().put(message);
    return ends.second().get();
  }

  @Benchmark
  public double[] channelDoubles() {
    return through(arrays, doubles);
  }

  /** Into an array that is there already. */
  @Benchmark
  public double[] arraycopy() {
    System.arraycopy(doubles, 0, copied, 0, DOUBLES);
    return copied;
  }

  /** Into a new array, as a channel must. */
  @Benchmark
  public double[] copyOf() {
    return doubles.clone();
  }

  @Benchmark
  public Lines smallRecord() {
    return through(records, smallRecord);
  }

  @Benchmark
  public Lines largeRecord() {
    return through(records, largeRecord);
  }

  @Benchmark
  public LongsProto smallProtobuf() {
    return through(protobufs, smallProtobuf);
  }

  @Benchmark
  public LongsProto largeProtobuf() {
    return through(protobufs, largeProtobuf);
  }
}
