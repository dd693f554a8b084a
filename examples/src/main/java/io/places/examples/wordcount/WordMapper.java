package io.places.examples.wordcount;

import io.places.mapreduce.Context;
import io.places.mapreduce.Mapper;
import io.places.mapreduce.text.Origin;
import io.places.mapreduce.text.TextBlock;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/*
 * Most text is ASCII, or most of its words are: eight bytes are looked at together. In each byte of a number the
 * high bit then says whether that byte is a letter, which is found by two sums that carry into it, and likewise for
 * digits. Words of other letters are lower-cased character by character, those of two bytes by a table, and as a whole
 * by the JDK where that depends on what is around a character.
 */

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

  private static final Long ONCE = 1L;

  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** In each of eight bytes. */
  private static final long ONE = 0x0101010101010101L;

  private static final long HIGH = 0x8080808080808080L;

  /** What makes an ASCII letter a small one. */
  private static final long SMALL = 0x20 * ONE;

  /** From the high bit to that. */
  private static final int TO_SMALL = 2;

  /** No part of a word. */
  private static final int NONE = 0;

  /** Of the characters of one byte and of two. */
  private static final char[] LOWER = new char[0x800];

  static {
    for (char c = 0; c < LOWER.length; c++) {
      LOWER[c] = Character.isLetterOrDigit(c) ? Character.toLowerCase(c) : NONE;
    }
  }

  private static final int CAPITAL_SIGMA = 0x3A3;
  private static final int CAPITAL_I_WITH_DOT = 0x130;

  private byte[] word = new byte[64];
  private long malformed;

  @Override
  public void map(Origin origin, TextBlock block, Context<String, Long> context) {
    byte[] bytes = block.bytes();
    int end = block.offset() + block.length();
    if (bytes.length - end < Long.BYTES) { // eight bytes can be read wherever a word begins
      bytes = Arrays.copyOfRange(bytes, block.offset(), end + Long.BYTES);
      end = block.length();
      words(bytes, 0, end, context);
    } else {
      words(bytes, block.offset(), end, context);
    }
    context.count(MALFORMED_BYTES, malformed);
    malformed = 0;
  }

  private void words(byte[] bytes, int start, int end, Context<String, Long> context) {
    int at = start;
    while (at < end) {
      byte b = bytes[at];
      if (b < 0) {
        at = other(bytes, at, end, context);
      } else if (isAsciiWord(b)) {
        at = asciiWord(bytes, at, end, context);
      } else {
        at++;
      }
    }
  }

  /** Counts the word that begins here with an ASCII byte, and answers where it ends. */
  private int asciiWord(byte[] bytes, int start, int end, Context<String, Long> context) {
    int length = 0;
    int found;
    do {
      long eight = (long) EIGHT.get(bytes, start + length);
      long ascii = eight & ~HIGH;
      long small = ascii | SMALL;
      long letters = (small + (0x80 - 'a') * ONE) & ~(small + (0x7F - 'z') * ONE) & HIGH;
      long digits = (ascii + (0x80 - '0') * ONE) & ~(ascii + (0x7F - '9') * ONE) & HIGH;
      long others = (~(letters | digits) | eight) & HIGH;
      found = Long.numberOfTrailingZeros(others) / Byte.SIZE;
      if (word.length - length < 2 * Long.BYTES) {
        word = Arrays.copyOf(word, 2 * word.length);
      }
      EIGHT.set(word, length, ascii | (letters >>> TO_SMALL));
      length += found;
    } while (found == Long.BYTES && start + length < end);
    length = Math.min(length, end - start);
    int stop = start + length;
    if (stop < end && bytes[stop] < 0 && isWord(Utf8.codePoint(bytes, stop, end))) {
      return unicodeWord(bytes, start, end, context);
    }
    context.emitUtf8(word, 0, length, ONCE);
    return stop;
  }

  /** Goes over the character that begins here; counts the word that it begins, if it does. */
  private int other(byte[] bytes, int at, int end, Context<String, Long> context) {
    int codePoint = Utf8.codePoint(bytes, at, end);
    if (isWord(codePoint)) {
      return unicodeWord(bytes, at, end, context);
    }
    if (codePoint == Utf8.MALFORMED) {
      malformed++;
      return at + 1;
    }
    return at + Utf8.length(codePoint);
  }

  /** Counts the word that begins here and has characters beyond ASCII, and answers where it ends. */
  private int unicodeWord(byte[] bytes, int start, int end, Context<String, Long> context) {
    int at = start;
    int length = 0;
    boolean oneByOne = true;
    while (at < end) {
      int codePoint = Utf8.codePoint(bytes, at, end);
      int lower = lower(codePoint);
      if (lower == NONE) {
        break;
      }
      at += Utf8.length(codePoint);
      oneByOne &= codePoint != CAPITAL_SIGMA && codePoint != CAPITAL_I_WITH_DOT;
      length = put(lower, length);
    }
    if (oneByOne) {
      context.emitUtf8(word, 0, length, ONCE);
    } else {
      byte[] lower = lowerAsAWhole(bytes, start, at);
      context.emitUtf8(lower, 0, lower.length, ONCE);
    }
    return at;
  }

  /**
   * The lower case of a sigma depends on whether it ends the word, and that of one I is more than one
   * character.
   */
  private static byte[] lowerAsAWhole(byte[] bytes, int start, int end) {
    return new String(bytes, start, end - start, StandardCharsets.UTF_8)
        .toLowerCase(Locale.ROOT)
        .getBytes(StandardCharsets.UTF_8);
  }

  /** Puts a character into the word at a place and answers where it ends. */
  private int put(int codePoint, int at) {
    if (word.length - at < 2 * Long.BYTES) {
      word = Arrays.copyOf(word, 2 * word.length);
    }
    return Utf8.put(codePoint, word, at);
  }

  private static boolean isAsciiWord(byte b) {
    int small = b | 0x20;
    return (small >= 'a' && small <= 'z') || (b >= '0' && b <= '9');
  }

  private static boolean isWord(int codePoint) {
    return lower(codePoint) != NONE;
  }

  /** The lower case of a letter or a digit, by itself. */
  private static int lower(int codePoint) {
    if (codePoint >= 0 && codePoint < LOWER.length) {
      return LOWER[codePoint];
    }
    return codePoint != Utf8.MALFORMED && Character.isLetterOrDigit(codePoint) ? Character.toLowerCase(codePoint) : NONE;
  }
}
