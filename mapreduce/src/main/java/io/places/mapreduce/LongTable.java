package io.places.mapreduce;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/*
 * An open-addressed hash table in flat memory: no object for a pair. A slot is half a hash, which spares nearly all
 * comparisons with other keys, and where the key's entry is. Entries lie one behind the other in one array:
 *
 *   value (8 bytes)  length of the key (4)  partition (4)  key, filled up with zeros to a multiple of 8 bytes
 *
 * So a pair whose key is known costs two looks into memory, one into the slots and one into the entries, and keys
 * are compared eight bytes at a time. With many keys both are outside the caches, and waiting for them was most of
 * the time: so pairs are put aside in a batch, and then the processor is asked for all their slots, and for all their
 * entries, before it needs the first. Each pair still has its effect in the order in which it came. What needs the key
 * as an object, or may be refused, is looked at at once and without a batch, so that it is told of the record it belongs
 * to. A combiner of numbers that throws is told of with the key and the numbers instead.
 */

/** Gathers pairs whose values are numbers by combining each with what was emitted before for its key. */
final class LongTable<K> implements Collector<K, Long> {
  /**
   * When slots and entries take so much, a run is written: a million words fit. While they grow, the old ones and the
   * new ones are there.
   */
  static final long MOST_BYTES = 64 << 20;

  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle INT =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int LENGTH = 8;
  private static final int PARTITION = 12;
  private static final int KEY = 16;

  private static final int FIRST_SLOTS = 1 << 11;
  private static final int FIRST_BYTES = 32 << 10;

  /** Of pairs: more than a processor can wait for at a time, few enough to stay in its first cache. */
  private static final int BATCH = 64;

  /** Of keys in a batch. */
  private static final int BATCH_BYTES = 4 << 10;

  /** In each of eight bytes: whether it is not ASCII. */
  private static final long HIGH = 0x8080808080808080L;

  private final KeyType<K> keyType;
  private final Partitioning<K> partitioning;
  private final Combiner<K, Long> combiner;

  /** The combiner, if it looks at numbers alone. */
  private final @Nullable LongCombiner<K> ofLongs;

  private final Tally tally;
  private final RunSink sink;
  private final long mostBytes;
  private final boolean utf8;

  /** Whether pairs may have their effect later. */
  private final boolean batches;

  private final KeyBuffer buffer = new KeyBuffer();

  /** Half a hash, and the place of an entry plus one; 0 where free. A power of two, at most half of it taken. */
  private long[] slots = new long[FIRST_SLOTS];

  private byte[] entries = new byte[FIRST_BYTES];

  /** Of {@link #entries}, a multiple of 8. */
  private int used;

  private int size;
  private long collected;
  private long collectedBytes;

  /** The keys of the batch as they are in entries. */
  private final byte[] batchKeys = new byte[BATCH_BYTES];

  private final int[] batchAt = new int[BATCH];
  private final int[] batchLengths = new int[BATCH];
  private final long[] batchHashes = new long[BATCH];
  private final long[] batchValues = new long[BATCH];
  private final long[] batchSlots = new long[BATCH];
  private final long[] batchHeads = new long[BATCH];
  private int batch;
  private int writes;
  private int batchUsed;

  LongTable(MapSide<K, Long> side, Combiner<K, Long> combiner) {
    this(side, combiner, Math.min(MOST_BYTES, side.memory() / 4 * 3));
  }

  @SuppressWarnings("unchecked") // it is the same combiner
  LongTable(MapSide<K, Long> side, Combiner<K, Long> combiner, long mostBytes) {
    this.keyType = side.keyType();
    this.partitioning = side.partitioning();
    this.combiner = combiner;
    this.ofLongs = combiner instanceof LongCombiner<?> ? (LongCombiner<K>) combiner : null;
    this.tally = side.tally();
    this.sink = side.sink();
    this.mostBytes = mostBytes;
    this.utf8 = keyType.isUtf8();
    this.batches = ofLongs != null && !partitioning.needsKeys();
  }

  @Override
  public void collect(K key, Long value) {
    keyType.encode(key, buffer);
    int length = buffer.length();
    if (!batches || !putAside(buffer.bytes(), 0, length, value, 0)) {
      drain();
      collect(buffer.bytes(), 0, length, key, value);
    }
    count(length, value);
  }

  @Override
  public void collectUtf8(byte[] text, int offset, int length, Long value) {
    if (!utf8) {
      Collector.super.collectUtf8(text, offset, length, value);
      return;
    }
    if (!batches || !putAside(text, offset, length, value, HIGH)) { // ASCII needs no second look
      drain();
      collect(text, offset, length, null, value);
    }
    count(length, value);
  }

  /**
   * Puts a pair aside, or does nothing.
   *
   * @param bits that no byte of the key may have
   * @return whether it has
   */
  private boolean putAside(byte[] bytes, int offset, int length, long value, long bits) {
    if (length > BATCH_BYTES / 2) {
      return false;
    }
    if (batch == BATCH || batchUsed + length + Long.BYTES > BATCH_BYTES) {
      drain();
    }
    long hash = KeyHash.begin(length);
    long all = 0;
    int at = batchUsed;
    int from = offset;
    int left = length;
    for (; left >= Long.BYTES; left -= Long.BYTES) {
      long eight = (long) LONG.get(bytes, from);
      LONG.set(batchKeys, at, eight);
      hash = KeyHash.mix(hash ^ eight);
      all |= eight;
      at += Long.BYTES;
      from += Long.BYTES;
    }
    long rest = KeyHash.rest(bytes, from, left);
    LONG.set(batchKeys, at, rest);
    if (((all | rest) & bits) != 0) {
      return false;
    }
    int i = batch++;
    batchAt[i] = batchUsed;
    batchLengths[i] = length;
    batchHashes[i] = KeyHash.finish(KeyHash.mix(hash ^ rest));
    batchValues[i] = value;
    batchUsed += filledUp(length);
    return true;
  }

  /** Has the pairs that were put aside have their effect. */
  private void drain() {
    int count = batch;
    int mask = slots.length - 1;
    for (int i = 0; i < count; i++) {
      batchSlots[i] = slots[(int) batchHashes[i] & mask];
    }
    for (int i = 0; i < count; i++) {
      int entry = Math.max(0, (int) batchSlots[i] - 1) << 3;
      batchHeads[i] = (long) LONG.get(entries, entry + LENGTH);
    }
    int before = writes;
    for (int i = 0; i < count; i++) {
      long found = batchSlots[i];
      long hash = batchHashes[i];
      int length = batchLengths[i];
      int entry = ((int) found - 1) << 3;
      if (found != 0
          && (int) (found >>> Integer.SIZE) == (int) (hash >>> Integer.SIZE)
          && (int) batchHeads[i] == length
          && writes == before // else the entries are others
          && isSame(entry + KEY, batchAt[i], length)) {
        combine(entry, null, batchValues[i]);
      } else {
        find(batchKeys, batchAt[i], length, hash, null, batchValues[i]);
      }
    }
    batch = 0;
    batchUsed = 0;
  }

  /** Both are filled up with zeros. */
  private boolean isSame(int inEntries, int inBatch, int length) {
    for (int i = 0; i < length; i += Long.BYTES) {
      if ((long) LONG.get(entries, inEntries + i) != (long) LONG.get(batchKeys, inBatch + i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Takes a pair.
   *
   * @param key null if it is a text that nobody has looked at
   */
  private void collect(byte[] bytes, int offset, int length, @Nullable K key, long value) {
    find(bytes, offset, length, KeyHash.of(bytes, offset, length), key, value);
  }

  private void find(
      byte[] bytes, int offset, int length, long hash, @Nullable K key, long value) {
    int mask = slots.length - 1;
    int slot = (int) hash & mask;
    for (long found = slots[slot]; found != 0; found = slots[slot]) {
      int entry = ((int) found - 1) << 3;
      if ((int) (found >>> Integer.SIZE) == (int) (hash >>> Integer.SIZE)
          && is(entry, bytes, offset, length)) {
        combine(entry, key, value);
        return;
      }
      slot = (slot + 1) & mask;
    }
    add(bytes, offset, length, hash, key, value);
  }

  private void count(int length, long value) {
    collectedBytes += length + LongValues.size(value);
    collected++;
  }

  private void combine(int entry, @Nullable K key, long value) {
    long held = (long) LONG.get(entries, entry);
    LONG.set(
        entries,
        entry,
        ofLongs != null
            ? combineLongs(ofLongs, entry, held, value)
            : combineObjects(entry, key, held, value));
  }

  private long combineLongs(LongCombiner<K> by, int entry, long held, long value) {
    try {
      return by.combine(held, value);
    } catch (RuntimeException | Error e) {
      K of = keyType.decode(entries, entry + KEY, length(entry));
      throw new CombinerFailedException(by, of, held, value, e);
    }
  }

  private long combineObjects(int entry, @Nullable K key, long held, long value) {
    K of = key != null ? key : keyType.decode(entries, entry + KEY, length(entry));
    return Combined.of(combiner, of, held, value);
  }

  private boolean is(int entry, byte[] bytes, int offset, int length) {
    if (length(entry) != length) {
      return false;
    }
    int at = entry + KEY;
    int from = offset;
    int left = length;
    for (; left >= Long.BYTES; left -= Long.BYTES) {
      if ((long) LONG.get(entries, at) != (long) LONG.get(bytes, from)) {
        return false;
      }
      at += Long.BYTES;
      from += Long.BYTES;
    }
    return left == 0 || (long) LONG.get(entries, at) == KeyHash.rest(bytes, from, left);
  }

  private int length(int entry) {
    return (int) INT.get(entries, entry + LENGTH);
  }

  private void add(byte[] bytes, int offset, int length, long hash, @Nullable K key, long value) {
    K known = key == null && utf8 ? checked(bytes, offset, length) : key; // others were encoded here
    if (length > PairLimits.MOST_BYTES) {
      byte[] tooLong = Arrays.copyOfRange(bytes, offset, offset + length);
      PairLimits.check(known == null ? keyType.decode(tooLong, 0, length) : known, tooLong, new byte[0]);
    }
    int partition = partitioning.of(known, bytes, offset, length, hash);
    int taken = KEY + filledUp(length);
    boolean more = 2 * (size + 1) > slots.length;
    long wanted = (long) used + taken + (more ? 2L : 1L) * slots.length * Long.BYTES;
    if (wanted > mostBytes && size > 0) {
      write();
    } else if (more) {
      grow();
    }
    entries = Growth.toHold(entries, used, taken);
    LONG.set(entries, used + taken - Long.BYTES, 0L);
    LONG.set(entries, used, value);
    INT.set(entries, used + LENGTH, length);
    INT.set(entries, used + PARTITION, partition);
    System.arraycopy(bytes, offset, entries, used + KEY, length);
    put(hash, used);
    used += taken;
    size++;
  }

  /**
   * Has a look at a text that is new here.
   *
   * @return the key, if it had to be made
   * @throws IllegalArgumentException if it is no UTF-8
   */
  private @Nullable K checked(byte[] bytes, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      if (bytes[i] < 0) {
        KeyType.text(bytes, offset, length);
        break;
      }
    }
    return partitioning.needsKeys() ? keyType.decode(bytes, offset, length) : null;
  }

  private void put(long hash, int entry) {
    int mask = slots.length - 1;
    int slot = (int) hash & mask;
    while (slots[slot] != 0) {
      slot = (slot + 1) & mask;
    }
    slots[slot] = (hash >>> Integer.SIZE << Integer.SIZE) | ((entry >>> 3) + 1);
  }

  private int next(int entry) {
    return entry + KEY + filledUp(length(entry));
  }

  private static int filledUp(int length) {
    return (length + Long.BYTES - 1) & -Long.BYTES;
  }

  private void grow() {
    slots = new long[2 * slots.length];
    for (int entry = 0; entry < used; entry = next(entry)) {
      put(KeyHash.of(entries, entry + KEY, length(entry)), entry);
    }
  }

  @Override
  public void flush() {
    drain();
    write();
  }

  private void index(int[] at, int[] lengths, int[] partitions) {
    int number = 0;
    for (int entry = 0; entry < used; entry = next(entry)) {
      at[number] = entry + KEY;
      lengths[number] = length(entry);
      partitions[number++] = (int) INT.get(entries, entry + PARTITION);
    }
  }

  /** Asks for all values before it needs the first. */
  private void writeBatch(
      int[] order, int from, int to, int[] at, int[] lengths, int[] partitions) {
    for (int i = from; i < to; i++) {
      batchHeads[i - from] = (long) LONG.get(entries, at[order[i]] - KEY);
    }
    for (int i = from; i < to; i++) {
      int entry = order[i];
      sink.writer(partitions[entry])
          .append(entries, at[entry], lengths[entry], batchHeads[i - from]);
    }
  }

  private void write() {
    sink.begin(used);
    int[] at = new int[size];
    int[] lengths = new int[size];
    int[] partitions = new int[size];
    index(at, lengths, partitions);
    int[] order = KeySort.sorted(entries, at, lengths, partitions, size, partitioning.partitions());
    for (int from = 0; from < size; from += BATCH) {
      writeBatch(order, from, Math.min(size, from + BATCH), at, lengths, partitions);
    }
    sink.end();
    tally.add(TaskCounter.COMBINE_INPUT_RECORDS, collected);
    tally.add(TaskCounter.COMBINE_OUTPUT_RECORDS, size);
    tally.add(TaskCounter.MAP_OUTPUT_BYTES, collectedBytes);
    Arrays.fill(slots, 0);
    used = 0;
    size = 0;
    collected = 0;
    collectedBytes = 0;
    writes++;
  }
}
