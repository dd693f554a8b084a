package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.message.MessageType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** The two collectors, with bounds so small that they write many runs. */
class CollectorTest {
  private static final int PARTITIONS = 3;

  private final Tally tally = new Tally();

  @RepeatedTest(10)
  void whateverTheBoundOfTheTableAllPairsArrive() {
    Random random = Seeds.random();
    RunSink sink = sink(PARTITIONS);
    MapSide<String, Long> side = side(Long.class, Long::sum, sink);
    Collector<String, Long> table =
        new CombineTable<>(side, (key, l, r) -> l + r, 1 + random.nextInt(50), Long.MAX_VALUE);
    Map<String, Long> expected = new TreeMap<>();
    for (int i = 0; i < 500; i++) {
      String key = "k" + random.nextInt(80);
      table.collect(key, (long) i);
      expected.merge(key, (long) i, Long::sum);
    }
    table.flush();

    assertThat(sums(sink, Long.class, Long::sum)).isEqualTo(expected);
    Counters counters = tally.snapshot();
    assertThat(counters.get(TaskCounter.COMBINE_INPUT_RECORDS)).isEqualTo(500);
    assertThat(counters.get(TaskCounter.COMBINE_OUTPUT_RECORDS))
        .isEqualTo(sink.runs().stream().flatMap(List::stream).mapToLong(Run::entries).sum());
  }

  @RepeatedTest(20)
  void whateverTheBoundOfTheTableOfNumbersAllPairsArrive() {
    Random random = Seeds.random();
    RunSink sink = sink(PARTITIONS);
    Fold<Long> add = Long::sum;
    MapSide<String, Long> side = side(Long.class, add, sink);
    LongCombiner<String> numbers = Long::sum;
    long bound = (20L << 10) + random.nextInt(200 << 10);
    LongTable<String> table =
        random.nextBoolean()
            ? new LongTable<>(side, numbers, bound)
            : new LongTable<>(side, (key, l, r) -> add.of(l, r), bound);
    Map<String, Long> expected = new TreeMap<>();
    for (int i = 0; i < 20_000; i++) {
      String key = "\u00E4".repeat(random.nextInt(2)) + "x".repeat(random.nextInt(20)) + random.nextInt(500);
      long value = random.nextLong() >> random.nextInt(64);
      if (random.nextBoolean()) {
        table.collect(key, value);
      } else {
        byte[] text = ("<" + key + ">").getBytes(StandardCharsets.UTF_8);
        table.collectUtf8(text, 1, text.length - 2, value);
      }
      expected.merge(key, value, Long::sum);
    }
    table.flush();

    assertThat(sums(sink, Long.class, Long::sum)).isEqualTo(expected);
    Counters counters = tally.snapshot();
    assertThat(counters.get(TaskCounter.COMBINE_INPUT_RECORDS)).isEqualTo(20_000);
    assertThat(counters.get(TaskCounter.COMBINE_OUTPUT_RECORDS))
        .isEqualTo(sink.runs().stream().flatMap(List::stream).mapToLong(Run::entries).sum());
  }

  @Test
  @SuppressWarnings("unchecked")
  void keysThatAreNoTextAreCombinedAsNumbersToo() {
    KeyType<Long> longs = (KeyType<Long>) KeyType.of(Long.class);
    LongCombiner<Long> add = Long::sum;
    RunSink sink = sink(1);
    var side =
        new MapSide<>(
            longs,
            MessageType.of(Long.class),
            new Partitioning<>(longs, null, null, 1),
            add,
            tally,
            sink,
            Long.MAX_VALUE);
    LongTable<Long> table = new LongTable<>(side, add);
    List<Long> keys = List.of(Long.MIN_VALUE, -1L, 0L, 1L, Long.MAX_VALUE); // their first byte may be any
    keys.reversed().forEach(key -> table.collect(key, Long.MIN_VALUE));
    keys.forEach(key -> table.collect(key, 7L));
    table.flush();

    EntryCursor cursor = Pair.reader(sink.runs().getFirst().getFirst());
    Groups<Long, Long> groups = new Groups<>(cursor, longs, MessageType.of(Long.class));
    List<Long> read = new ArrayList<>();
    while (groups.nextGroup()) {
      read.add(groups.key());
      assertThat(groups.nextValue()).isEqualTo(Long.MIN_VALUE + 7);
    }
    assertThat(read).isEqualTo(keys);
  }

  @Test
  void aCombinerOfNumbersThatThrowsIsNamedWithKeyAndNumbers() {
    LongCombiner<String> exact = Math::addExact;
    LongTable<String> table = new LongTable<>(side(Long.class, Long::sum, sink(1), 1), exact);
    table.collect("a", Long.MAX_VALUE);
    table.collect("b", 1L);
    table.collect("a", 1L);

    assertThatThrownBy(table::flush)
        .isInstanceOf(TaskFailedException.class)
        .hasMessageStartingWith("combiner ")
        .hasMessageEndingWith(
            " failed on key 'a' with 9223372036854775807 and 1: java.lang.ArithmeticException: long overflow");
  }

  @Test
  void aCombinerThatThrowsInABufferIsNamedWithTheKeyWhicheverPairComesThen() {
    Fold<String> refuses =
        (left, right) -> {
          throw new AssertionError("not these two");
        };
    SortBuffer<String, String> buffer =
        new SortBuffer<>(side(String.class, refuses, sink(1), 1), 2, Long.MAX_VALUE);
    buffer.collect("a", "x");
    buffer.collect("a", "y");

    assertThatThrownBy(() -> buffer.collect("b", "z"))
        .isInstanceOf(CombinerFailedException.class)
        .hasMessageStartingWith("combiner ")
        .hasMessageEndingWith(" failed on key 'a': java.lang.AssertionError: not these two");
  }

  @Test
  void bytesThatAreNoUtf8AreRefusedAsAKey() {
    LongTable<String> table =
        new LongTable<>(side(Long.class, Long::sum, sink(1), 1), (key, l, r) -> l + r);

    assertThatThrownBy(() -> table.collectUtf8(new byte[] {'o', 'h', (byte) 0xC3}, 0, 3, 1L))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "3 bytes that begin with 'oh\uFFFD' were emitted as UTF-8 and are not; use a key of byte[] for such data");
  }

  @RepeatedTest(10)
  void whateverTheBoundOfTheBufferAllPairsArrive() {
    Random random = Seeds.random();
    RunSink sink = sink(PARTITIONS);
    boolean combines = random.nextBoolean();
    MapSide<String, String> side =
        side(String.class, combines ? CollectorTest::longer : null, sink);
    Collector<String, String> buffer = new SortBuffer<>(side, 1 + random.nextInt(50), Long.MAX_VALUE);
    Map<String, String> expected = new TreeMap<>();
    for (int i = 0; i < 500; i++) {
      String key = "k" + random.nextInt(80);
      String value = "v".repeat(random.nextInt(20));
      buffer.collect(key, value);
      expected.merge(key, value, CollectorTest::longer);
    }
    buffer.flush();

    assertThat(sums(sink, String.class, CollectorTest::longer)).isEqualTo(expected);
    assertThat(tally.snapshot().get(TaskCounter.COMBINE_INPUT_RECORDS))
        .isEqualTo(combines ? 500 : 0);
  }

  @Test
  void withoutACombinerEqualKeysKeepTheirOrder() {
    RunSink sink = sink(1);
    SortBuffer<String, Long> buffer =
        new SortBuffer<>(side(Long.class, null, sink, 1));
    buffer.collect("b", 1L);
    buffer.collect("a", 2L);
    buffer.collect("b", 3L);
    buffer.flush();

    EntryCursor cursor = Pair.reader(sink.runs().getFirst().getFirst());
    Groups<String, Long> groups = new Groups<>(cursor, keys(), MessageType.of(Long.class));
    List<String> read = new ArrayList<>();
    while (groups.nextGroup()) {
      while (groups.hasValue()) {
        read.add(groups.key() + groups.nextValue());
      }
    }
    assertThat(read).containsExactly("a2", "b1", "b3");
  }

  @Test
  void valuesOfFixedSizeAreCombinedInATableAndOthersInABuffer() {
    RunSink sink = sink(PARTITIONS);

    assertThat(side(Long.class, Long::sum, sink).collector()).isInstanceOf(LongTable.class);
    assertThat(side(Double.class, Double::sum, sink).collector()).isInstanceOf(CombineTable.class);
    assertThat(side(Long.class, null, sink).collector()).isInstanceOf(SortBuffer.class);
    assertThat(side(String.class, String::concat, sink).collector()).isInstanceOf(SortBuffer.class);
  }

  @Test
  void aBufferTakesAPairLargerThanItsBound() {
    RunSink sink = sink(1);
    SortBuffer<String, byte[]> buffer =
        new SortBuffer<>(side(byte[].class, null, sink, 1));
    buffer.collect("small", new byte[1]);
    buffer.collect("large", new byte[SortBuffer.MOST_BYTES + 1]);
    buffer.collect("small", new byte[1]);
    buffer.flush();

    assertThat(sink.runs().getFirst()).extracting(Run::entries).containsExactly(1L, 1L, 1L);
  }

  @Test
  void aValueThatNoMessageCanCarryIsRefused() {
    RunSink sink = sink(1);
    SortBuffer<String, byte[]> buffer =
        new SortBuffer<>(side(byte[].class, null, sink, 1));

    assertThatThrownBy(() -> buffer.collect("huge", new byte[64 << 20]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the value emitted for 'huge' has 67108869 bytes when encoded; at most 67108864: emit"
                + " it in parts");
  }

  @Test
  void aChangeToAnEmittedValueIsNotSeen() {
    RunSink sink = sink(1);
    SortBuffer<String, byte[]> buffer =
        new SortBuffer<>(side(byte[].class, null, sink, 1));
    byte[] reused = {1};
    buffer.collect("a", reused);
    reused[0] = 2;
    buffer.collect("b", reused);
    buffer.flush();

    Map<String, byte[]> read = sums(sink, byte[].class, (l, r) -> l);
    assertThat(read.get("a")).containsExactly(1);
    assertThat(read.get("b")).containsExactly(2);
  }

  private RunSink sink(int partitions) {
    return new RunSink(partitions, false, Memory.ample().newStore(), tally);
  }

  private static String longer(String left, String right) {
    return left.length() >= right.length() ? left : right;
  }

  /** Reads all runs back through a merge, folding by hand; checks that each is in its partition. */
  private static <V> Map<String, V> sums(RunSink sink, Class<V> type, Fold<V> fold) {
    Map<String, V> sums = new TreeMap<>();
    Partitioning<String> partitioning = new Partitioning<>(keys(), null, null, sink.runs().size());
    for (int partition = 0; partition < sink.runs().size(); partition++) {
      Merge merge = new Merge(sink.runs().get(partition).stream().map(Pair::reader).toList());
      Groups<String, V> groups = new Groups<>(merge, keys(), MessageType.of(type));
      while (groups.nextGroup()) {
        byte[] key = keys().encode(groups.key());
        assertThat(partitioning.of(groups.key(), key, KeyHash.of(key, 0, key.length)))
            .isEqualTo(partition);
        assertThat(sums.put(groups.key(), groups.fold((k, l, r) -> fold.of(l, r)))).isNull();
      }
    }
    return sums;
  }

  private <V> MapSide<String, V> side(Class<V> type, @Nullable Fold<V> fold, RunSink sink) {
    return side(type, fold, sink, PARTITIONS);
  }

  private <V> MapSide<String, V> side(
      Class<V> type, @Nullable Fold<V> fold, RunSink sink, int partitions) {
    return new MapSide<>(
        keys(),
        MessageType.of(type),
        new Partitioning<>(keys(), null, null, partitions),
        fold == null ? null : (key, left, right) -> fold.of(left, right),
        tally,
        sink,
        Long.MAX_VALUE);
  }

  @SuppressWarnings("unchecked")
  private static KeyType<String> keys() {
    return (KeyType<String>) KeyType.of(String.class);
  }

  private interface Fold<V> {
    V of(V left, V right);
  }
}
