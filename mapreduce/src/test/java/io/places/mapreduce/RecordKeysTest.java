package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/** Keys that are records, and orders that are not the keys' own. */
class RecordKeysTest {
  record Place(String name, int floor) {}

  record Key(String text, long number, double share, boolean flag, Place place) {}

  @SuppressWarnings("ArrayRecordComponent") // what is tested
  record Bytes(byte[] bytes) {}

  record NoKey(String name, List<String> list) {}

  /** Text up, numbers down, shares up. */
  static final class Mixed implements KeyOrder<Key> {
    @Override
    public void order(Key key, SortKey by) {
      by.ascending(key.text()).endGroup().descending(key.number()).ascending(key.share());
    }
  }

  static final class TextDown implements KeyOrder<Key> {
    @Override
    public void order(Key key, SortKey by) {
      by.descending(key.text()).descending(key.share());
    }
  }

  private static final Comparator<Key> OWN =
      Comparator.comparing(Key::text, RecordKeysTest::byCodePoints)
          .thenComparingLong(Key::number)
          .thenComparingDouble(Key::share)
          .thenComparing(Key::flag)
          .thenComparing(key -> key.place().name(), RecordKeysTest::byCodePoints)
          .thenComparingInt(key -> key.place().floor());

  @RepeatedTest(5)
  void recordsSortByTheirComponentsAndAreReadAsTheyWere() {
    assertSorted(keys(), KeyType.of(Key.class), OWN);
  }

  @RepeatedTest(5)
  void aKeyOrderGoesBeforeTheOrderOfTheKeys() {
    Comparator<Key> mixed =
        Comparator.comparing(Key::text, RecordKeysTest::byCodePoints)
            .thenComparing(Comparator.comparingLong(Key::number).reversed())
            .thenComparingDouble(Key::share)
            .thenComparing(OWN);
    assertSorted(keys(), new OrderedKeys<>(keyType(), new Mixed()), mixed);
    Comparator<Key> down =
        Comparator.comparing(Key::text, RecordKeysTest::byCodePoints)
            .reversed()
            .thenComparing(Comparator.comparingDouble(Key::share).reversed())
            .thenComparing(OWN);
    assertSorted(keys(), new OrderedKeys<>(keyType(), new TextDown()), down);
  }

  @Test
  void aGroupIsToldByTheFieldsBeforeItsEnd() {
    KeyType<Key> type = new OrderedKeys<>(keyType(), new Mixed());
    Place here = new Place("here", 1);
    byte[] left = type.encode(new Key("a", 1, 0, true, here));
    byte[] right = type.encode(new Key("a", 2, 7, false, here));
    byte[] other = type.encode(new Key("a\0", 1, 0, true, here));

    assertThat(group(type, left)).isEqualTo(group(type, right)).isNotEqualTo(group(type, other));
    KeyType<Key> whole = new OrderedKeys<>(keyType(), new TextDown());
    assertThat(group(whole, whole.encode(new Key("a", 1, 0, true, here))))
        .isNotEqualTo(group(whole, whole.encode(new Key("a", 2, 0, true, here))));
  }

  @Test
  void aKeyWithANullIsRefusedNamingTheComponent() {
    assertThatThrownBy(() -> keyType().encode(withoutText()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageMatching("the key 'Key\\[text=null.*' has null as its text, which has no place in an order");
  }

  @SuppressWarnings("NullAway") // what a mapper without null checks can do
  private static Key withoutText() {
    return new Key(null, 1, 0, true, new Place("", 0));
  }

  @Test
  void aRecordWithAComponentThatHasNoOrderIsRefused() {
    assertThatThrownBy(() -> KeyType.of(NoKey.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "io.places.mapreduce.RecordKeysTest$NoKey is no type for keys, because of its component"
                + " list of java.util.List; components may be String, long, int, double, boolean,"
                + " byte[], or such records");
  }

  record Chain(String name, Link next) {}

  record Link(int weight, Chain chain) {}

  @Test
  void aRecordThatIsWithinItselfIsRefused() {
    assertThatThrownBy(() -> KeyType.of(Chain.class))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "io.places.mapreduce.RecordKeysTest$Link is no type for keys: its component chain is of"
                + " io.places.mapreduce.RecordKeysTest$Chain again, so it could have no end");
  }

  record Two(Place from, Place to) {}

  @Test
  void aRecordMayHaveTwoOfAKind() {
    RecordKeys<Two> type = RecordKeys.of(Two.class);
    Two two = new Two(new Place("here", 1), new Place("there", 2));
    byte[] encoded = type.encode(two);

    assertThat(type.decode(encoded, 0, encoded.length)).isEqualTo(two);
  }

  @Test
  void bytesWithinAKeyAreReadAsTheyWere() {
    byte[] all = {0, 0, 1, -1, 0, -1};
    RecordKeys<Bytes> type = RecordKeys.of(Bytes.class);
    byte[] encoded = type.encode(new Bytes(all));

    assertThat(type.decode(encoded, 0, encoded.length).bytes()).isEqualTo(all);
    assertThatThrownBy(() -> type.decode(encoded, 0, encoded.length - 1))
        .hasMessage("a key ends in the middle of a field");
  }

  @Test
  void aGroupCannotEndTwice() {
    assertThatThrownBy(() -> new SortKey().ascending(1).endGroup().endGroup())
        .isInstanceOf(IllegalStateException.class);
  }

  private static List<Key> keys() {
    Random random = Seeds.random();
    double[] shares = {0, -0.0, 1, -1, Double.NaN, Double.POSITIVE_INFINITY, -2.5, Double.MIN_VALUE};
    String[] texts = {"", "a", "a\0", "a\0b", "ab", "b", "\0", "é", "\uD83D\uDE00", "\uFFFD"};
    List<Key> keys = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      keys.add(
          new Key(
              texts[random.nextInt(texts.length)],
              random.nextBoolean() ? random.nextInt(-2, 3) : random.nextLong(),
              shares[random.nextInt(shares.length)],
              random.nextBoolean(),
              new Place(texts[random.nextInt(texts.length)], random.nextInt())));
    }
    return keys;
  }

  private static <K> void assertSorted(List<Key> keys, KeyType<K> type, Comparator<Key> order) {
    @SuppressWarnings("unchecked")
    KeyType<Key> ofKeys = (KeyType<Key>) type;
    List<byte[]> encoded = new ArrayList<>(keys.stream().map(ofKeys::encode).toList());
    encoded.sort(Arrays::compareUnsigned);
    List<Key> sorted = new ArrayList<>(keys);
    Collections.sort(sorted, order);

    assertThat(encoded.stream().map(bytes -> ofKeys.decode(bytes, 0, bytes.length)).toList())
        .isEqualTo(sorted);
  }

  private static KeyType<Key> keyType() {
    return RecordKeys.of(Key.class);
  }

  private static List<Byte> group(KeyType<Key> type, byte[] key) {
    List<Byte> group = new ArrayList<>();
    for (int i = 0; i < type.groupLength(key, 0, key.length); i++) {
      group.add(key[i]);
    }
    return group;
  }

  private static int byCodePoints(String left, String right) {
    return Arrays.compare(left.codePoints().toArray(), right.codePoints().toArray());
  }
}
