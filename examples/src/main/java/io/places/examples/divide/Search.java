package io.places.examples.divide;

import io.places.ndp.DivideAndConquer;
import java.util.Arrays;
import java.util.List;

/** Where a pattern occurs in a text, hits that overlap included: byte by byte, so in any encoding. */
public final class Search implements DivideAndConquer<Search.Wanted, int[]> {
  private static final int SMALL = 1 << 16;

  /**
   * A pattern is wanted in a text.
   *
   * @param offset of the text in the whole
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared; arrays travel as they are
  public record Wanted(byte[] text, byte[] pattern, int offset) {
    public Wanted {
      if (pattern.length == 0) {
        throw new IllegalArgumentException("an empty pattern is everywhere: give one byte or more");
      }
    }

    /** In the whole text. */
    public Wanted(byte[] text, byte[] pattern) {
      this(text, pattern, 0);
    }
  }

  @Override
  public boolean isSmall(Wanted wanted) {
    return wanted.text().length <= Math.max(SMALL, 4 * wanted.pattern().length);
  }

  /** The halves overlap by a byte less than the pattern has: a hit is in one of them, and only in one. */
  @Override
  public List<Wanted> split(Wanted wanted) {
    byte[] text = wanted.text();
    int middle = text.length / 2;
    return List.of(
        new Wanted(Arrays.copyOf(text, middle + wanted.pattern().length - 1), wanted.pattern(), wanted.offset()),
        new Wanted(
            Arrays.copyOfRange(text, middle, text.length), wanted.pattern(), wanted.offset() + middle));
  }

  /** As NESL's tutorial does: all positions are candidates, and each letter of the pattern leaves fewer. */
  @Override
  public int[] solve(Wanted wanted) {
    byte[] text = wanted.text();
    byte[] pattern = wanted.pattern();
    int[] candidates = new int[Math.max(0, text.length - pattern.length + 1)];
    int left = 0;
    for (int at = 0; at < candidates.length; at++) {
      candidates[left] = at;
      left += text[at] == pattern[0] ? 1 : 0;
    }
    for (int letter = 1; letter < pattern.length && left > 0; letter++) {
      int kept = 0;
      for (int i = 0; i < left; i++) {
        candidates[kept] = candidates[i];
        kept += text[candidates[i] + letter] == pattern[letter] ? 1 : 0;
      }
      left = kept;
    }
    int[] hits = Arrays.copyOf(candidates, left);
    for (int i = 0; i < left; i++) {
      hits[i] += wanted.offset();
    }
    return hits;
  }

  @Override
  public int[] combine(Wanted wanted, List<int[]> parts) {
    int[] first = parts.get(0);
    int[] second = parts.get(1);
    int[] all = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, all, first.length, second.length);
    return all;
  }

  @Override
  public double work(Wanted wanted) {
    return wanted.text().length;
  }

  /** Hits are far fewer than letters, as a rule. */
  @Override
  public long resultBytes(Wanted wanted, long bytes) {
    return bytes / 64;
  }
}
