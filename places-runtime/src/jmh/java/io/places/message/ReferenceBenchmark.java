package io.places.message;

import io.places.message.RecordBenchmark.Reading;
import io.places.message.RecordBenchmark.Readings;
import io.places.message.readings.ReadingProto;
import io.places.message.readings.ReadingsProto;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * Putting what is immutable to a place of the same JVM: it is looked through the first time, and known
 * after that. Small messages are looked through each time.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ReferenceBenchmark {
  private static final int MANY = 100_000;

  private final MessageType<Reading> readingType = MessageType.of(Reading.class);
  private final MessageType<Readings> readingsType = MessageType.of(Readings.class);
  private final MessageType<ReadingProto> protoType = MessageType.of(ReadingProto.class);
  private final MessageType<ReadingsProto> protosType = MessageType.of(ReadingsProto.class);

  private final Reading small = RecordBenchmark.reading(17);
  private final Reading longText =
      new Reading(1, 2, "name", 3, true, 4, "unit", 5, 6, "north face ".repeat(100_000));
  private final Readings large =
      new Readings(IntStream.range(0, MANY).mapToObj(RecordBenchmark::reading).toList());
  private final ReadingProto smallProto = RecordBenchmark.proto(small);
  private final ReadingsProto largeProto =
      ReadingsProto.newBuilder()
          .addAllReadings(large.readings().stream().map(RecordBenchmark::proto).toList())
          .build();
  private final MessageType<Few> fewType = MessageType.of(Few.class);
  private final Few few = new Few(List.of("one", "two", "three"));

  /** A list too short to be remembered. */
  public record Few(List<String> words) {}

  @Benchmark
  public Reading smallRecord() {
    return readingType.copy(small);
  }

  @Benchmark
  public Few smallList() {
    return fewType.copy(few);
  }

  @Benchmark
  public Reading longText() {
    return readingType.copy(longText);
  }

  @Benchmark
  public Readings largeRecord() {
    return readingsType.copy(large);
  }

  @Benchmark
  public ReadingProto smallProtobuf() {
    return protoType.copy(smallProto);
  }

  @Benchmark
  public ReadingsProto largeProtobuf() {
    return protosType.copy(largeProto);
  }
}
