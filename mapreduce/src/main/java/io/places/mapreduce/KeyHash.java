package io.places.mapreduce;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/*
 * Keys differ by little ("word1", "word2", 1, 2, 3), so every input bit must reach every output bit.
 * Eight bytes at a time are mixed in by xor, an odd multiplier and a shift that brings the high bits
 * down; the end is MurmurHash3's 64-bit finalizer, which does the full mixing. It is one multiply for
 * each 8 bytes, so short keys cost a few nanoseconds.
 *
 * The values are part of what nodes of different releases agree on: they are fixed by a test.
 */

/** The hash of encoded keys: the same on every node, in every release. */
final class KeyHash {
  private static final VarHandle LITTLE_ENDIAN =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** 2^64 divided by the golden ratio, made odd: its multiples spread evenly. */
  private static final long SPREAD = 0x9E3779B97F4A7C15L;

  private KeyHash() {}

  static long of(byte[] bytes, int offset, int length) {
    long hash = begin(length);
    int at = offset;
    int end = offset + length;
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      hash = mix(hash ^ (long) LITTLE_ENDIAN.get(bytes, at));
    }
    return finish(mix(hash ^ rest(bytes, at, end - at)));
  }

  /** Where the hash of so many bytes begins, for who mixes them in by himself. */
  static long begin(int length) {
    return length * SPREAD;
  }

  /** Fewer than eight bytes as a number, the first one lowest. */
  static long rest(byte[] bytes, int offset, int length) {
    if (length > 0 && offset + Long.BYTES <= bytes.length) {
      return (long) LITTLE_ENDIAN.get(bytes, offset) & (-1L >>> (Long.SIZE - Byte.SIZE * length));
    }
    long rest = 0;
    for (int i = 0; i < length; i++) {
      rest |= (bytes[offset + i] & 0xFFL) << (Byte.SIZE * i);
    }
    return rest;
  }

  /** A number from 0 to {@code bound - 1}, as even as the hash is. */
  static int reduce(long hash, int bound) {
    return (int) Math.unsignedMultiplyHigh(hash, bound);
  }

  /** Mixes in eight bytes, or fewer at the end. */
  static long mix(long hash) {
    long product = hash * SPREAD;
    return product ^ (product >>> 32);
  }

  /** What the hash of all bytes becomes. */
  static long finish(long hash) {
    long h = hash;
    h ^= h >>> 33;
    h *= 0xFF51AFD7ED558CCDL;
    h ^= h >>> 33;
    h *= 0xC4CEB9FE1A85EC53L;
    return h ^ (h >>> 33);
  }
}
