package io.places.mapreduce;

import java.util.Arrays;

/** Encoded keys with their partitions, numbered from 0 as they are added. */
final class KeyStore {
  private static final int FIRST_BYTES = 16 << 10;
  private static final int FIRST_KEYS = 1 << 10;

  private byte[] bytes = new byte[FIRST_BYTES];
  private int[] at = new int[FIRST_KEYS];
  private int[] length = new int[FIRST_KEYS];
  private int[] partition = new int[FIRST_KEYS];
  private int used;
  private int size;

  int size() {
    return size;
  }

  int usedBytes() {
    return used;
  }

  byte[] bytes() {
    return bytes;
  }

  int at(int key) {
    return at[key];
  }

  int length(int key) {
    return length[key];
  }

  int partition(int key) {
    return partition[key];
  }

  void add(byte[] key, int keyPartition) {
    if (size == at.length) {
      at = Arrays.copyOf(at, 2 * size);
      length = Arrays.copyOf(length, 2 * size);
      partition = Arrays.copyOf(partition, 2 * size);
    }
    bytes = Growth.toHold(bytes, used, key.length);
    System.arraycopy(key, 0, bytes, used, key.length);
    at[size] = used;
    length[size] = key.length;
    partition[size] = keyPartition;
    used += key.length;
    size++;
  }

  boolean is(int key, byte[] other) {
    return length[key] == other.length
        && Arrays.equals(bytes, at[key], at[key] + other.length, other, 0, other.length);
  }

  void clear() {
    used = 0;
    size = 0;
  }

  /** The numbers of the keys, by partition, then by key, then by number. */
  int[] sorted(int partitions) {
    return KeySort.sorted(bytes, at, length, partition, size, partitions);
  }
}
