package io.places.mapreduce;

/**
 * What a key is sorted by: fields that a {@link KeyOrder} adds, the most important first. Used during one
 * call of it.
 */
public final class SortKey {
  private static final int NO_GROUP = -1;

  private final OrderedBytes bytes = new OrderedBytes();
  private int group = NO_GROUP;

  SortKey() {}

  /** Strings in the order of their code points. */
  public SortKey ascending(String text) {
    bytes.putText(text, false);
    return this;
  }

  /** Numbers from the least to the greatest. */
  public SortKey ascending(long number) {
    bytes.putLong(number, false);
    return this;
  }

  /** Numbers as {@link Double#compare} orders them. */
  public SortKey ascending(double number) {
    bytes.putDouble(number, false);
    return this;
  }

  /** Bytes as unsigned numbers, a prefix first. */
  public SortKey ascending(byte[] array) {
    bytes.putBytes(array, false);
    return this;
  }

  /** Strings in the opposite order of their code points. */
  public SortKey descending(String text) {
    bytes.putText(text, true);
    return this;
  }

  /** Numbers from the greatest to the least. */
  public SortKey descending(long number) {
    bytes.putLong(number, true);
    return this;
  }

  /** Numbers as {@link Double#compare} orders them, the other way round. */
  public SortKey descending(double number) {
    bytes.putDouble(number, true);
    return this;
  }

  /** Bytes as unsigned numbers, the other way round. */
  public SortKey descending(byte[] array) {
    bytes.putBytes(array, true);
    return this;
  }

  /**
   * Ends what a group is told by: keys that agree in the fields so far go to one call of the reducer, in
   * the order of the fields that follow.
   *
   * @throws IllegalStateException if the group was ended before
   */
  public SortKey endGroup() {
    if (group != NO_GROUP) {
      throw new IllegalStateException("endGroup was called before: a key is in one group");
    }
    group = bytes.length();
    return this;
  }

  /** The fields, then {@code key}, then how much of it is fields, and how much the group. */
  byte[] followedBy(byte[] key) {
    int fields = bytes.length();
    byte[] all = new byte[fields + key.length + 2 * Integer.BYTES];
    System.arraycopy(bytes.toArray(), 0, all, 0, fields);
    System.arraycopy(key, 0, all, fields, key.length);
    OrderedBytes.INT.set(all, all.length - 2 * Integer.BYTES, fields);
    OrderedBytes.INT.set(all, all.length - Integer.BYTES, group == NO_GROUP ? all.length : group);
    return all;
  }
}
