package io.places.mapreduce;

import io.places.ProtocolException;
import io.places.message.MessageType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Cuts sorted pairs into groups of keys and decodes them, one value at a time.
 *
 * <p>{@link #nextGroup} goes to the next key, skipping what was left unread; then {@link
 * #nextValue} may be called as long as {@link #hasValue} answers true.
 */
final class Groups<K, V> {
  private final EntryCursor entries;
  private final KeyType<K> keyType;
  private final MessageType<V> valueType;
  private final boolean byPart;
  private final boolean longs;

  /** The first of the group. */
  private final Slice key = new Slice();

  private int groupLength;
  private boolean started;

  /** Whether the cursor is on a pair that was not handed out yet. */
  private boolean onPair;

  private boolean hasValue;
  private long valuesRead;
  private @Nullable Throwable failure;

  /** Groups of equal keys. */
  Groups(EntryCursor entries, KeyType<K> keyType, MessageType<V> valueType) {
    this(entries, keyType, valueType, false);
  }

  /**
   * Groups as the reducer is to get them.
   *
   * @param byPart whether keys are in one group that agree in what the job groups by
   */
  Groups(EntryCursor entries, KeyType<K> keyType, MessageType<V> valueType, boolean byPart) {
    this.entries = entries;
    this.byPart = byPart;
    this.keyType = keyType;
    this.valueType = valueType;
    this.longs = valueType.javaType() == Long.class;
  }

  boolean nextGroup() {
    while (hasValue) {
      advance();
    }
    if (!started) {
      started = true;
      onPair = entries.next();
    }
    if (onPair) {
      key.set(entries.key());
      groupLength = groupLength(key);
      hasValue = true;
    }
    return onPair;
  }

  /** The encoded key of the group. */
  Slice keySlice() {
    return key;
  }

  /** The key of the group, a new object each time. */
  K key() {
    return keyType.decode(key);
  }

  boolean hasValue() {
    return hasValue;
  }

  V nextValue() {
    V decoded = decoded(entries.value());
    advance();
    return decoded;
  }

  @SuppressWarnings("unchecked") // where the type is Long, V is
  private V decoded(Slice value) {
    return longs
        ? (V) (Long) LongValues.read(value)
        : valueType.decode(value.bytes(), value.offset(), value.length());
  }

  /** The encoded form of the next value. */
  Slice valueSlice() {
    return entries.value();
  }

  /** Goes on to the next value of the group, if there is one. */
  void skipValue() {
    advance();
  }

  /** All values of the group as one. */
  V fold(Combiner<K, V> combiner) {
    return fold(combiner, key());
  }

  /**
   * The same.
   *
   * @param foldedKey the key of the group
   */
  V fold(Combiner<K, V> combiner, K foldedKey) {
    return foldRest(combiner, foldedKey, nextValue());
  }

  /** All values of the group as one, where the first was gone over already. */
  V foldRest(Combiner<K, V> combiner, K foldedKey, Slice first) {
    return foldRest(combiner, foldedKey, decoded(first));
  }

  /** The same for numbers, where only numbers count. */
  long foldRest(LongCombiner<?> combiner, Slice first) {
    long folded = LongValues.read(first);
    while (hasValue) {
      folded = combiner.combine(folded, LongValues.read(entries.value()));
      advance();
    }
    return folded;
  }

  private V foldRest(Combiner<K, V> combiner, K foldedKey, V first) {
    V folded = first;
    while (hasValue) {
      folded = Combined.of(combiner, foldedKey, folded, nextValue());
    }
    return folded;
  }

  /** How many values of all groups so far were read or skipped. */
  long valuesRead() {
    return valuesRead;
  }

  /** What reading the pairs has failed with, to tell it from failures of the user's classes. */
  @Nullable Throwable failure() {
    return failure;
  }

  private void advance() {
    valuesRead++;
    hasValue = false; // also when the next line throws
    try {
      onPair = entries.next();
      hasValue = onPair && isSameKey();
    } catch (RuntimeException | Error e) {
      failure = e;
      throw e;
    }
  }

  private int groupLength(Slice of) {
    return byPart ? keyType.groupLength(of.bytes(), of.offset(), of.length()) : of.length();
  }

  private boolean isSameKey() {
    Slice next = entries.key();
    int order = compareGroup(next, groupLength(next));
    if (order < 0) {
      throw new ProtocolException(
          "a run is not sorted: the key %s came after %s"
              .formatted(Quoted.of(keyType.decode(entries.key())), Quoted.of(key())));
    }
    return order == 0;
  }

  private int compareGroup(Slice other, int length) {
    return Arrays.compareUnsigned(
        other.bytes(),
        other.offset(),
        other.offset() + length,
        key.bytes(),
        key.offset(),
        key.offset() + groupLength);
  }
}
