package io.places.examples.wordcount;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Counts words in one thread with nothing but the JDK: what the job's counts are checked against,
 * and what its speed is compared with.
 */
final class Reference {
  private final Map<String, Long> counts = new HashMap<>();
  private long malformed;

  /** Counts the words of zip files and prints the sums: what the benchmark runs. */
  public static void main(String[] zips) throws IOException {
    Reference reference = new Reference();
    for (String zip : zips) {
      reference.addZip(Path.of(zip));
    }
    long total = reference.counts.values().stream().mapToLong(Long::longValue).sum();
    System.out.println("total words: " + total);
    System.out.println("distinct words: " + reference.counts.size());
    System.out.println("malformed bytes: " + reference.malformed);
  }

  /** The words so far, each with its count. */
  Map<String, Long> counts() {
    return counts;
  }

  /** The bytes so far that a decoder has reported as malformed. */
  long malformed() {
    return malformed;
  }

  /** Counts the words of one text. */
  void add(byte[] text) {
    String decoded = decode(text);
    int start = 0;
    int at = 0;
    while (at < decoded.length()) {
      int codePoint = decoded.codePointAt(at);
      if (!Character.isLetterOrDigit(codePoint)) {
        count(decoded.substring(start, at));
        start = at + Character.charCount(codePoint);
      }
      at += Character.charCount(codePoint);
    }
    count(decoded.substring(start));
  }

  /** Counts the words of all entries of a zip file. */
  void addZip(Path file) throws IOException {
    try (ZipFile zip = new ZipFile(file.toFile())) {
      for (ZipEntry entry : Collections.list(zip.entries())) {
        try (InputStream in = zip.getInputStream(entry)) {
          add(in.readAllBytes());
        }
      }
    }
  }

  private String decode(byte[] text) {
    CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
    ByteBuffer in = ByteBuffer.wrap(text);
    CharBuffer out = CharBuffer.allocate(text.length);
    CoderResult result = decoder.decode(in, out, true);
    while (result.isMalformed()) {
      malformed += result.length();
      in.position(in.position() + result.length());
      out.put(' ');
      result = decoder.decode(in, out, true);
    }
    return out.flip().toString();
  }

  private void count(String word) {
    if (!word.isEmpty()) {
      counts.merge(word.toLowerCase(Locale.ROOT), 1L, Long::sum);
    }
  }
}
