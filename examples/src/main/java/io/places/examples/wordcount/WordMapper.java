package io.places.examples.wordcount;

import io.places.mapreduce.Context;
import io.places.mapreduce.Mapper;
import io.places.mapreduce.text.Origin;
import io.places.mapreduce.text.TextBlock;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Finds the words of a block of UTF-8 text and emits each with a count.
 *
 * <p>A word is a maximal run of Unicode letters and digits, lower-cased as a whole in the root
 * locale. Every byte that is not part of a well-formed character separates words and is counted as
 * {@value #MALFORMED_BYTES}; these are the bytes that a {@link java.nio.charset.CharsetDecoder}
 * reports as malformed.
 */
public final class WordMapper implements Mapper<Origin, TextBlock, String, Long> {
  /** The counter of bytes that are no UTF-8. */
  public static final String MALFORMED_BYTES = "malformed bytes";

  /** By ASCII byte: its lower case if it is a letter, itself if a digit, else 0. */
  private static final byte[] LOWER = lower();

  private final WordTable table = new WordTable();
  private byte[] word = {};
  private long malformed;

  @Override
  public void map(Origin origin, TextBlock block, Context<String, Long> context) {
    if (word.length < block.length()) {
      word = new byte[block.length()];
    }
    byte[] bytes = block.bytes();
    int end = block.offset() + block.length();
    int at = block.offset();
    while (at < end) {
      at = isAsciiWord(bytes[at]) ? asciiWord(bytes, at, end) : other(bytes, at, end);
      if (table.isFull()) {
        table.emitAll(context);
      }
    }
    context.count(MALFORMED_BYTES, malformed);
    malformed = 0;
  }

  @Override
  public void cleanup(Context<String, Long> context) {
    table.emitAll(context);
  }

  /** Counts the word that begins here with an ASCII byte, and answers where it ends. */
  private int asciiWord(byte[] bytes, int start, int end) {
    int length = 0;
    int hash = 0;
    for (int at = start; at < end; at++) {
      byte b = bytes[at];
      byte lower = b >= 0 ? LOWER[b] : 0;
      if (lower == 0) {
        if (b < 0 && isWord(Utf8.codePoint(bytes, at, end))) {
          return unicodeWord(bytes, start, end);
        }
        break;
      }
      word[length++] = lower;
      hash = WordTable.hash(hash, lower);
    }
    table.add(word, length, hash);
    return start + length;
  }

  /** Goes over the character that begins here; counts the word that it begins, if it does. */
  private int other(byte[] bytes, int at, int end) {
    if (bytes[at] >= 0) {
      return at + 1;
    }
    int codePoint = Utf8.codePoint(bytes, at, end);
    if (isWord(codePoint)) {
      return unicodeWord(bytes, at, end);
    }
    if (codePoint == Utf8.MALFORMED) {
      malformed++;
      return at + 1;
    }
    return at + Utf8.length(codePoint);
  }

  /**
   * Counts the word that begins here and has characters beyond ASCII. It is lower-cased as a whole:
   * the lower case of a sigma depends on whether it ends the word.
   */
  private int unicodeWord(byte[] bytes, int start, int end) {
    int at = start;
    while (at < end) {
      int codePoint = Utf8.codePoint(bytes, at, end);
      if (!isWord(codePoint)) {
        break;
      }
      at += Utf8.length(codePoint);
    }
    byte[] lower =
        new String(bytes, start, at - start, StandardCharsets.UTF_8)
            .toLowerCase(Locale.ROOT)
            .getBytes(StandardCharsets.UTF_8);
    int hash = 0;
    for (byte b : lower) {
      hash = WordTable.hash(hash, b);
    }
    table.add(lower, lower.length, hash);
    return at;
  }

  private static boolean isAsciiWord(byte b) {
    return b >= 0 && LOWER[b] != 0;
  }

  private static boolean isWord(int codePoint) {
    return codePoint != Utf8.MALFORMED && Character.isLetterOrDigit(codePoint);
  }

  private static byte[] lower() {
    byte[] lower = new byte[128];
    for (char c = 0; c < lower.length; c++) {
      if (Character.isLetterOrDigit(c)) {
        lower[c] = (byte) Character.toLowerCase(c);
      }
    }
    return lower;
  }
}
