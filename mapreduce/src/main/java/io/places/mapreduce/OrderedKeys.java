package io.places.mapreduce;

/** Keys in the order that a job's {@link KeyOrder} gives them. */
final class OrderedKeys<K> extends KeyType<K> {
  private static final int TRAILER = 2 * Integer.BYTES;

  private final KeyType<K> keys;
  private final KeyOrder<? super K> order;

  OrderedKeys(KeyType<K> keys, KeyOrder<? super K> order) {
    super(keys.javaType());
    this.keys = keys;
    this.order = order;
  }

  @Override
  byte[] encode(K key) {
    SortKey by = new SortKey();
    order.order(key, by);
    return by.followedBy(keys.encode(key));
  }

  @Override
  K decode(byte[] bytes, int offset, int length) {
    int fields = trailer(bytes, offset, length, TRAILER, length - TRAILER);
    return keys.decode(bytes, offset + fields, length - fields - TRAILER);
  }

  @Override
  int groupLength(byte[] bytes, int offset, int length) {
    return trailer(bytes, offset, length, Integer.BYTES, length);
  }

  @Override
  boolean groupsByPart() {
    return true;
  }

  private int trailer(byte[] bytes, int offset, int length, int fromEnd, int most) {
    checkAtLeast(length, TRAILER);
    int value = (int) OrderedBytes.INT.get(bytes, offset + length - fromEnd);
    if (value < 0 || value > most) {
      throw damaged("a key of " + length + " bytes has a part of " + value);
    }
    return value;
  }
}
