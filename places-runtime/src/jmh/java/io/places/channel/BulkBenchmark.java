package io.places.channel;

import java.util.Arrays;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** What an array of 1 MiB costs on its way through a channel: the one copy, and little else. */
@State(Scope.Thread)
public class BulkBenchmark {
  private static final int SIZE = 1 << 20;

  private final byte[] bytes = filled();
  private final byte[] copied = new byte[SIZE];
  private final PlaceChannel.Pair<byte[], byte[]> ends =
      PlaceChannel.pair(byte[].class, byte[].class);

  private static byte[] filled() {
    byte[] filled = new byte[SIZE];
    Arrays.fill(filled, (byte) 7);
    return filled;
  }

  @Benchmark
  public byte[] channelBytes() {
    ends.first().put(bytes);
    return ends.second().get();
  }

  /** Into an array that is there already. */
  @Benchmark
  public byte[] arraycopy() {
    System.arraycopy(bytes, 0, copied, 0, SIZE);
    return copied;
  }

  /** Into a new array, as a channel must. */
  @Benchmark
  public byte[] copyOf() {
    return bytes.clone();
  }
}
