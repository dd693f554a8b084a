package io.places.message;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.CodedOutputStream;
import io.places.message.readings.DoublesProto;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** 1 MiB of doubles to bytes and back: our one block beside protobuf's one element after the other. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class BulkArrayBenchmark {
  private static final int LENGTH = 131_072;

  /** The longest tag and length. */
  private static final int HEADER = 6;

  /** An array beside something else. */
  @SuppressWarnings("ArrayRecordComponent") // what is measured
  public record Block(int row, double[] values) {}

  private final MessageType<double[]> type = MessageType.of(double[].class);
  private final MessageType<Block> blockType = MessageType.of(Block.class);
  private final double[] array = new double[LENGTH];
  private final Block block = new Block(3, array);
  private final byte[] bytes;
  private final byte[] blockBytes;

  public BulkArrayBenchmark() {
    Arrays.setAll(array, i -> i * 1.1);
    bytes = type.encode(array);
    blockBytes = blockType.encode(block);
  }

  @Benchmark
  public byte[] encodeBlock() {
    return type.encode(array);
  }

  @Benchmark
  public byte[] encodeBlockInRecord() {
    return blockType.encode(block);
  }

  @Benchmark
  public byte[] encodeElements() throws IOException {
    int size = LENGTH * Double.BYTES;
    byte[] target = new byte[size + HEADER];
    CodedOutputStream out = CodedOutputStream.newInstance(target);
    out.writeTag(1, 2);
    out.writeUInt32NoTag(size);
    for (double value : array) {
      out.writeDoubleNoTag(value);
    }
    return target;
  }

  @Benchmark
  public double[] decodeBlock() {
    return type.decode(bytes, 0, bytes.length);
  }

  @Benchmark
  public Block decodeBlockInRecord() {
    return blockType.decode(blockBytes, 0, blockBytes.length);
  }

  @Benchmark
  public double[] decodeElements() throws IOException {
    CodedInputStream in = CodedInputStream.newInstance(bytes);
    in.readTag();
    double[] target = new double[in.readRawVarint32() / Double.BYTES];
    for (int i = 0; i < target.length; i++) {
      target[i] = in.readDouble();
    }
    return target;
  }

  @Benchmark
  public DoublesProto decodeGenerated() throws IOException {
    return DoublesProto.parseFrom(bytes);
  }

  @Benchmark
  public double[] copy() {
    return type.copy(array);
  }

  @Benchmark
  public double[] bareClone() {
    return array.clone();
  }

  @Benchmark
  public double[] bareArraycopy() {
    double[] target = new double[LENGTH];
    System.arraycopy(array, 0, target, 0, LENGTH);
    return target;
  }
}
