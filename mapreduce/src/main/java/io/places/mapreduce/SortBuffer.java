package io.places.mapreduce;

import io.places.PlaceInterruptedException;
import io.places.message.MessageType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/*
 * Pairs are encoded as they come and only appended; when the buffer is full they are sorted and
 * leave as a run for each partition. A combiner works on the sorted pairs, a whole key at a time, so
 * that a value is decoded once and a result encoded once, however many values a key has.
 */

/** Gathers pairs by appending and sorting: the general way. */
final class SortBuffer<K, V> implements Collector<K, V> {
  /**
   * When keys and values take this much, a run is written: large enough that sorting pays and runs
   * are few, small enough to write a run while the next task's buffer fills.
   */
  static final int MOST_BYTES = 32 << 20;

  /** Bounds the index where pairs are tiny. */
  static final int MOST_PAIRS = 1 << 20;

  /** What the index takes for a pair, also while it is sorted. */
  private static final int PAIR_BYTES = 36;

  private static final int FIRST_BYTES = 16 << 10;

  private final KeyType<K> keyType;
  private final MessageType<V> valueType;
  private final Partitioning<K> partitioning;
  private final @Nullable Combiner<K, V> combiner;
  private final Tally tally;
  private final RunSink sink;
  private final int mostPairs;
  private final long mostBytes;

  private final KeyStore keys = new KeyStore();
  private byte[] values = new byte[FIRST_BYTES];
  private int[] valueEnds = new int[1 << 10];
  private int used;

  SortBuffer(MapSide<K, V> side) {
    this(
        side,
        Math.clamp(side.memory() / 2 / PAIR_BYTES, 1, MOST_PAIRS),
        Math.min(MOST_BYTES, side.memory() / 2));
  }

  SortBuffer(MapSide<K, V> side, int mostPairs, long mostBytes) {
    this.keyType = side.keyType();
    this.valueType = side.valueType();
    this.partitioning = side.partitioning();
    this.combiner = side.combiner();
    this.tally = side.tally();
    this.sink = side.sink();
    this.mostPairs = mostPairs;
    this.mostBytes = mostBytes;
  }

  @Override
  public void collect(K key, V value) {
    byte[] keyBytes = keyType.encode(key);
    byte[] valueBytes = valueType.encode(valueType.cast(value));
    PairLimits.check(key, keyBytes, valueBytes);
    int partition = partitioning.of(key, keyBytes, KeyHash.of(keyBytes, 0, keyBytes.length));
    tally.add(TaskCounter.MAP_OUTPUT_BYTES, keyBytes.length + (long) valueBytes.length);
    if (keys.size() == mostPairs || !fits(keyBytes.length + (long) valueBytes.length)) {
      flush();
    }
    keys.add(keyBytes, partition);
    addValue(valueBytes);
  }

  @Override
  public void flush() {
    sink.begin(keys.usedBytes() + (long) used);
    int[] order = keys.sorted(partitioning.partitions());
    int end;
    for (int from = 0; from < order.length; from = end) {
      int partition = keys.partition(order[from]);
      end = from + 1;
      while (end < order.length && keys.partition(order[end]) == partition) {
        end++;
      }
      write(new Sorted(order, from, end), sink.writer(partition));
    }
    sink.end();
    keys.clear();
    used = 0;
  }

  private boolean fits(long more) {
    return keys.usedBytes() + (long) used + more <= mostBytes || keys.size() == 0;
  }

  private void addValue(byte[] value) {
    int number = keys.size() - 1;
    if (number == valueEnds.length) {
      valueEnds = Arrays.copyOf(valueEnds, 2 * number);
    }
    values = Growth.toHold(values, used, value.length);
    System.arraycopy(value, 0, values, used, value.length);
    used += value.length;
    valueEnds[number] = used;
  }

  private void write(EntryCursor sorted, RunWriter run) {
    if (combiner != null) {
      writeCombined(combiner, sorted, run);
      return;
    }
    while (sorted.next()) {
      run.append(sorted.key(), sorted.value());
    }
  }

  private void writeCombined(Combiner<K, V> by, EntryCursor sorted, RunWriter run) {
    Groups<K, V> groups = new Groups<>(sorted, keyType, valueType);
    while (groups.nextGroup()) {
      Slice key = groups.keySlice();
      run.append(key.bytes(), key.offset(), key.length(), folded(groups, by));
      tally.add(TaskCounter.COMBINE_OUTPUT_RECORDS, 1);
    }
    tally.add(TaskCounter.COMBINE_INPUT_RECORDS, groups.valuesRead());
  }

  private byte[] folded(Groups<K, V> groups, Combiner<K, V> by) {
    try {
      return valueType.encode(valueType.cast(groups.fold(by)));
    } catch (PlaceInterruptedException | OutOfMemoryError notTheCombiners) {
      throw notTheCombiners;
    } catch (RuntimeException | Error e) {
      throw new CombinerFailedException(by, groups.key(), e);
    }
  }

  /** The pairs of one partition in sorted order. */
  private final class Sorted implements EntryCursor {
    private final int[] order;
    private final int end;
    private final Slice key = new Slice();
    private final Slice value = new Slice();
    private int next;

    Sorted(int[] order, int from, int end) {
      this.order = order;
      this.next = from;
      this.end = end;
    }

    @Override
    public boolean next() {
      if (next == end) {
        return false;
      }
      int number = order[next++];
      int valueAt = number == 0 ? 0 : valueEnds[number - 1];
      key.set(keys.bytes(), keys.at(number), keys.length(number));
      value.set(values, valueAt, valueEnds[number] - valueAt);
      return true;
    }

    @Override
    public Slice key() {
      return key;
    }

    @Override
    public Slice value() {
      return value;
    }
  }
}
