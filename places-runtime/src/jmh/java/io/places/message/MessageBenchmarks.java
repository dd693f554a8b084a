package io.places.message;

import io.places.Rounds;
import io.places.Rounds.Ratio;
import java.util.List;
import org.openjdk.jmh.runner.RunnerException;

/** Runs all benchmarks of messages in turn, several times over, and prints them and their bars. */
public final class MessageBenchmarks {
  private static final double CODEC = 1.3;

  /** 0.7 of the speed. */
  private static final double COPY = 1 / 0.7;

  /** As a small one, and a look-up. */
  private static final double REFERENCE = 1.5;

  private MessageBenchmarks() {}

  /**
   * Runs and prints.
   *
   * @param arguments how many rounds (default 10), and which benchmarks (a regular expression)
   */
  public static void main(String[] arguments) throws RunnerException {
    int count = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10;
    String which =
        arguments.length > 1
            ? arguments[1]
            : "io.places.message.(Record|BulkArray|Reference)Benchmark";
    Rounds.run(count, which)
        .print(
            List.of(
                new Ratio("Record.record10EncodePlaces", "Record.record10EncodeProtobuf", CODEC),
                new Ratio(
                    "Record.record10EncodePlaces", "Record.record10BuildAndEncodeProtobuf", 1),
                new Ratio("Record.record10DecodePlaces", "Record.record10DecodeProtobuf", CODEC),
                new Ratio("Record.list1000EncodePlaces", "Record.list1000EncodeProtobuf", CODEC),
                new Ratio("Record.list1000DecodePlaces", "Record.list1000DecodeProtobuf", CODEC),
                new Ratio("Record.longs1000EncodePlaces", "Record.longs1000EncodeProtobuf", CODEC),
                new Ratio("Record.longs1000DecodePlaces", "Record.longs1000DecodeProtobuf", CODEC),
                new Ratio("BulkArray.copy", "BulkArray.bareArraycopy", COPY),
                new Ratio("BulkArray.copy", "BulkArray.bareClone", COPY),
                new Ratio("BulkArray.encodeBlock", "BulkArray.encodeElements", 1),
                new Ratio("BulkArray.decodeBlock", "BulkArray.decodeElements", 1),
                new Ratio("Reference.largeProtobuf", "Reference.smallProtobuf", REFERENCE),
                new Ratio("Reference.largeRecord", "Reference.smallRecord", REFERENCE),
                new Ratio("Reference.longText", "Reference.smallRecord", REFERENCE)));
  }
}
