package io.places.mapreduce.text;

import io.places.mapreduce.proto.Split;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Texts to read, and what was read. */
final class Texts {
  private static final String[] WORDS = {
    "a", "word", "Zürich", "naïve", "日本語", "x2", "42", "Ἀθῆναι", "\uD835\uDC00\uD835\uDC01"
  };
  private static final String[] GAPS = {" ", "\n", "\r\n", "\n\n", ", ", "\t", " — "};

  private Texts() {}

  /** A text of words of many scripts, with empty lines, and with or without a last line end. */
  static String random(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(60); i > 0; i--) {
      text.append(WORDS[random.nextInt(WORDS.length)]);
      text.append(random.nextInt(20) == 0 ? "" : GAPS[random.nextInt(GAPS.length)]);
    }
    return text.toString();
  }

  /** The blocks of a split as texts. */
  static List<String> blocks(Split split, int blockBytes) throws IOException {
    List<String> blocks = new ArrayList<>();
    try (var reader = new TextBlocks(blockBytes).open(split)) {
      while (reader.next()) {
        blocks.add(reader.value().toString());
      }
    }
    return blocks;
  }

  /** The lines of a split, each with its offset. */
  static List<String> lines(Split split) throws IOException {
    List<String> lines = new ArrayList<>();
    try (var reader = new TextLines().open(split)) {
      while (reader.next()) {
        lines.add(reader.key() + ":" + reader.value());
      }
    }
    return lines;
  }

  /** The words of a text, which is cut at everything that is no letter or digit. */
  static List<String> words(String text) {
    List<String> words = new ArrayList<>(List.of(text.split("[^\\p{L}\\p{Nd}]+")));
    words.removeIf(String::isEmpty);
    return words;
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] joined(byte[]... parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      all.writeBytes(part);
    }
    return all.toByteArray();
  }
}
