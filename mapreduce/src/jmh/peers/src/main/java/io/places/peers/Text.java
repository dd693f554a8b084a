package io.places.peers;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Makes text for word counts: words drawn by Zipf's law (exponent 1) from a vocabulary of a million, some twelve
 * in a line. The same seed makes the same text.
 */
final class Text {
  private static final int VOCABULARY = 1_000_000;
  private static final int WORDS_IN_A_LINE = 12;

  private Text() {}

  /** Arguments: file, bytes, and {@code ascii} or {@code letters}. */
  public static void main(String[] arguments) throws IOException {
    long size = Long.parseLong(arguments[1]);
    boolean letters = arguments[2].equals("letters");
    Random random = new Random(42);
    byte[][] words = words(random, letters);
    double[] upTo = new double[VOCABULARY];
    double sum = 0;
    for (int rank = 0; rank < VOCABULARY; rank++) {
      sum += 1.0 / (rank + 1);
      upTo[rank] = sum;
    }
    int[] drawn = drawn(upTo, random);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(Path.of(arguments[0])), 1 << 20)) {
      long written = 0;
      for (long word = 1; written < size; word++) {
        byte[] next = words[drawn[random.nextInt(drawn.length)]];
        out.write(next);
        out.write(word % WORDS_IN_A_LINE == 0 ? '\n' : ' ');
        written += next.length + 1;
      }
    }
  }

  /** A large sample: to draw from it is quicker than to draw from the law. */
  private static int[] drawn(double[] upTo, Random random) {
    int[] drawn = new int[1 << 24];
    for (int i = 0; i < drawn.length; i++) {
      double at = random.nextDouble() * upTo[upTo.length - 1];
      int found = java.util.Arrays.binarySearch(upTo, at);
      drawn[i] = found >= 0 ? found : Math.min(-found - 1, upTo.length - 1);
    }
    return drawn;
  }

  /** Short ones first, as languages have it; all different. */
  private static byte[][] words(Random random, boolean letters) {
    String alphabet = letters ? "etaoinshrdlucmfwypvbgkjqxz\u00e4\u00e9\u00f8\u0436\u03c0" : "etaoinshrdlucmfwypvbgkjqxz";
    var seen = new java.util.HashSet<String>();
    byte[][] words = new byte[VOCABULARY][];
    for (int rank = 0; rank < VOCABULARY; ) {
      int length = 2 + (int) (Math.log(rank + 1) / Math.log(7)) + random.nextInt(3);
      var word = new StringBuilder();
      for (int i = 0; i < length; i++) {
        word.append(alphabet.charAt((int) (alphabet.length() * Math.pow(random.nextDouble(), 1.7))));
      }
      if (seen.add(word.toString())) {
        if (letters && random.nextInt(8) == 0) {
          word.setCharAt(0, Character.toUpperCase(word.charAt(0)));
        }
        words[rank++] = word.toString().getBytes(StandardCharsets.UTF_8);
      }
    }
    return words;
  }
}
