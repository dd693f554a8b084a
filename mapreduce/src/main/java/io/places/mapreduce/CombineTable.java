package io.places.mapreduce;

import io.places.message.MessageType;
import java.util.Arrays;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * An open-addressed hash table from encoded key to value. Only for values of fixed size: they are
 * held as objects and combined as they come, so most pairs are never encoded, and the entry bound is
 * a bound on memory. Other values go through SortBuffer, where repeated combining of a growing value
 * (a list, say) does not encode it again and again.
 */

/** Gathers pairs by combining each with what was emitted before for its key. */
final class CombineTable<K, V> implements Collector<K, V> {
  /** Immutable, and of a few bytes each. */
  private static final Set<Class<?>> FIXED_SIZE =
      Set.of(
          Long.class,
          Integer.class,
          Short.class,
          Byte.class,
          Character.class,
          Boolean.class,
          Double.class,
          Float.class);

  /**
   * When so many keys are held, a run is written. With index, table and boxed values that is
   * 30 MiB beside the keys. A quarter of a million would do for most texts;
   * the second half pays for itself where keys repeat late.
   */
  static final int MOST_ENTRIES = 1 << 19;

  /** What an entry takes beside its key. */
  private static final int ENTRY_BYTES = 60;

  /** When the keys take so much, a run is written; bounds memory where keys are long. */
  static final int MOST_KEY_BYTES = 16 << 20;

  /** What a value and the lengths take at most, for a guess at the size of a run. */
  private static final int VALUE_BYTES = 16;

  private static final byte[] NO_BYTES = {};

  private static final int FIRST_SLOTS = 1 << 11;

  private final KeyType<K> keyType;
  private final MessageType<V> valueType;
  private final Partitioning<K> partitioning;
  private final Combiner<K, V> combiner;
  private final Tally tally;
  private final RunSink sink;
  private final int mostEntries;
  private final long mostKeyBytes;

  private final KeyStore keys = new KeyStore();

  /** By number of the key. */
  private @Nullable Object[] values = new @Nullable Object[FIRST_SLOTS / 2];

  /**
   * By number of the key: part of its hash, to move it to a larger table and to spare comparisons.
   */
  private int[] hashes = new int[FIRST_SLOTS / 2];

  /** Numbers of keys plus one; 0 where free. A power of two, at most half of it taken. */
  private int[] slots = new int[FIRST_SLOTS];

  private long collected;
  private @Nullable V measured;
  private int measuredSize;

  CombineTable(MapSide<K, V> side, Combiner<K, V> combiner) {
    this(
        side,
        combiner,
        Math.clamp(side.memory() / 2 / ENTRY_BYTES, 1, MOST_ENTRIES),
        Math.min(MOST_KEY_BYTES, side.memory() / 2));
  }

  CombineTable(
      MapSide<K, V> side, Combiner<K, V> combiner, int mostEntries, long mostKeyBytes) {
    this.keyType = side.keyType();
    this.valueType = side.valueType();
    this.partitioning = side.partitioning();
    this.combiner = combiner;
    this.tally = side.tally();
    this.sink = side.sink();
    this.mostEntries = mostEntries;
    this.mostKeyBytes = mostKeyBytes;
  }

  /** Whether the values of a type can be held as objects within a bound on memory. */
  static boolean canHold(MessageType<?> valueType) {
    return FIXED_SIZE.contains(valueType.javaType());
  }

  @Override
  public void collect(K key, V value) {
    byte[] keyBytes = keyType.encode(key);
    tally.add(TaskCounter.MAP_OUTPUT_BYTES, keyBytes.length + (long) sizeOf(value));
    long hash = KeyHash.of(keyBytes, 0, keyBytes.length);
    int slot = find(keyBytes, (int) hash);
    if (slots[slot] != 0) {
      int number = slots[slot] - 1;
      values[number] = Combined.of(combiner, key, held(number), value);
    } else {
      PairLimits.check(key, keyBytes, NO_BYTES);
      add(keyBytes, hash, partitioning.of(key, keyBytes, hash), value);
    }
    collected++;
  }

  @Override
  public void flush() {
    sink.begin(keys.usedBytes() + (long) keys.size() * VALUE_BYTES);
    for (int number : keys.sorted(partitioning.partitions())) {
      byte[] value = valueType.encode(held(number));
      sink.writer(keys.partition(number))
          .append(keys.bytes(), keys.at(number), keys.length(number), value);
    }
    sink.end();
    tally.add(TaskCounter.COMBINE_INPUT_RECORDS, collected);
    tally.add(TaskCounter.COMBINE_OUTPUT_RECORDS, keys.size());
    Arrays.fill(values, 0, keys.size(), null);
    Arrays.fill(slots, 0);
    keys.clear();
    collected = 0;
  }

  /**
   * The encoded size of a value, measured again only when it is another than before: often it is 1.
   */
  private int sizeOf(V value) {
    if (!value.equals(measured)) {
      measuredSize = valueType.encode(valueType.cast(value)).length;
      measured = value;
    }
    return measuredSize;
  }

  /** The slot of the key, or the free slot where it belongs. */
  private int find(byte[] key, int hash) {
    int mask = slots.length - 1;
    int slot = hash & mask;
    while (slots[slot] != 0) {
      int number = slots[slot] - 1;
      if (hashes[number] == hash && keys.is(number, key)) {
        break;
      }
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  private void add(byte[] key, long hash, int partition, V value) {
    if (keys.size() == mostEntries
        || (keys.size() > 0 && keys.usedBytes() + (long) key.length > mostKeyBytes)) {
      flush();
    }
    if (keys.size() == values.length) {
      grow();
    }
    values[keys.size()] = value;
    hashes[keys.size()] = (int) hash;
    keys.add(key, partition);
    slots[find(key, (int) hash)] = keys.size();
  }

  private void grow() {
    values = Arrays.copyOf(values, 2 * values.length);
    hashes = Arrays.copyOf(hashes, values.length);
    slots = new int[2 * values.length];
    int mask = slots.length - 1;
    for (int number = 0; number < keys.size(); number++) {
      int slot = hashes[number] & mask;
      while (slots[slot] != 0) {
        slot = (slot + 1) & mask;
      }
      slots[slot] = number + 1;
    }
  }

  @SuppressWarnings("unchecked") // only values of V are put in
  private V held(int number) {
    return (V) Objects.requireNonNull(values[number]);
  }
}
