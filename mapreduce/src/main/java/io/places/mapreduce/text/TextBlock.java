package io.places.mapreduce.text;

import java.nio.charset.StandardCharsets;

/**
 * A stretch of bytes of a text file: {@link #bytes} from {@link #offset}, {@link #length} of them.
 * Each block has an array of its own, which nothing writes to later: a mapper may keep it.
 */
public final class TextBlock {
  private final byte[] bytes;
  private final int offset;
  private final int length;

  TextBlock(byte[] bytes, int offset, int length) {
    this.bytes = bytes;
    this.offset = offset;
    this.length = length;
  }

  /** A block of the whole array, for tests of mappers. */
  public static TextBlock of(byte[] bytes) {
    return new TextBlock(bytes, 0, bytes.length);
  }

  /** The array that holds the block; what lies outside the block means nothing. */
  public byte[] bytes() {
    return bytes;
  }

  /** Where the block begins in {@link #bytes}. */
  public int offset() {
    return offset;
  }

  /** How many bytes the block has, at least 1. */
  public int length() {
    return length;
  }

  /** The text, decoded as UTF-8; malformed bytes become U+FFFD. */
  @Override
  public String toString() {
    return new String(bytes, offset, length, StandardCharsets.UTF_8);
  }
}
