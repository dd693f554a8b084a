package io.places.examples.index;

import io.places.examples.wordcount.Utf8;
import io.places.mapreduce.Context;
import io.places.mapreduce.Job;
import io.places.mapreduce.KeyOrder;
import io.places.mapreduce.Mapper;
import io.places.mapreduce.Reducer;
import io.places.mapreduce.SortKey;
import io.places.mapreduce.text.Origin;
import io.places.mapreduce.text.TextBlock;
import io.places.mapreduce.text.TextBlocks;
import io.places.mapreduce.text.TextOutput;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/*
 * A mapper makes one value for each word of a block: the file, and where in it the word begins. The key has the
 * word, the file, and the first of these places; it is sorted by all three and grouped by the word. So a reducer
 * gets a word's files in order, and of each file the places in order, and holds those of one file only.
 */
/**
 * Finds out where which word is: a line for each word and file in which it occurs, with the offsets of the word's
 * first bytes. A word is a run of Unicode letters and digits, in lower case.
 */
public final class InvertedIndex {
  private InvertedIndex() {}

  /** The job. In each part the words are in order. */
  public static Job job(List<Path> inputs, Path output, int reducers) {
    return Job.named("inverted index")
        .input(TextBlocks.of(inputs))
        .map(FindWords.class)
        .order(ByWordAndPlace.class)
        .reduce(JoinPlaces.class)
        .reducers(reducers)
        .output(TextOutput.to(output));
  }

  /** A word in a file, and the first of some places there. */
  public record WordAt(String word, String file, long first) {}

  /** Places in a file, in order. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Places(String file, long[] offsets) {}

  /** Groups by word. */
  public static final class ByWordAndPlace implements KeyOrder<WordAt> {
    @Override
    public void order(WordAt key, SortKey by) {
      by.ascending(key.word()).endGroup().ascending(key.file()).ascending(key.first());
    }
  }

  /** Finds the words of a block. */
  public static final class FindWords implements Mapper<Origin, TextBlock, WordAt, Places> {
    private final Map<String, Offsets> found = new HashMap<>();

    @Override
    public void map(Origin where, TextBlock block, Context<WordAt, Places> context) {
      byte[] bytes = block.bytes();
      int end = block.offset() + block.length();
      int start = -1;
      int at = block.offset();
      while (at < end) {
        int point = Utf8.codePoint(bytes, at, end);
        boolean inWord = point != Utf8.MALFORMED && Character.isLetterOrDigit(point);
        if (inWord && start < 0) {
          start = at;
        } else if (!inWord && start >= 0) {
          add(bytes, start, at, where.offset() - block.offset());
          start = -1;
        }
        at += point == Utf8.MALFORMED ? 1 : Utf8.length(point);
      }
      if (start >= 0) {
        add(bytes, start, end, where.offset() - block.offset());
      }
      String file = where.entry().isEmpty() ? where.file() : where.file() + "!" + where.entry();
      found.forEach(
          (word, offsets) ->
              context.emit(
                  new WordAt(word, file, offsets.first()), new Places(file, offsets.toArray())));
      found.clear();
    }

    private void add(byte[] bytes, int from, int to, long before) {
      String word =
          new String(bytes, from, to - from, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT);
      found.computeIfAbsent(word, newWord -> new Offsets()).add(before + from);
    }
  }

  /** Offsets, of which there may be many. */
  private static final class Offsets {
    private long[] all = new long[4];
    private int size;

    void add(long offset) {
      if (size == all.length) {
        all = Arrays.copyOf(all, 2 * size);
      }
      all[size++] = offset;
    }

    long first() {
      return all[0];
    }

    long[] toArray() {
      return Arrays.copyOf(all, size);
    }
  }

  /** Writes the places of a word in a file as one line. */
  public static final class JoinPlaces implements Reducer<WordAt, Places, String, String> {
    @Override
    public void reduce(WordAt key, Iterable<Places> values, Context<String, String> context) {
      StringBuilder line = new StringBuilder();
      String file = "";
      for (Places places : values) {
        if (!places.file().equals(file)) {
          if (!line.isEmpty()) {
            context.emit(key.word(), line.toString());
          }
          file = places.file();
          line.setLength(0);
          line.append(file).append('\t');
        } else {
          line.append(' ');
        }
        append(places.offsets(), line);
      }
      context.emit(key.word(), line.toString());
    }

    private static void append(long[] offsets, StringBuilder line) {
      line.append(offsets[0]);
      for (int i = 1; i < offsets.length; i++) {
        line.append(' ').append(offsets[i]);
      }
    }
  }
}
