package io.places.mapreduce;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A pair of small strings in place of encoded bytes. */
record Pair(String key, String value) {

  static MemoryRun run(List<Pair> pairs) {
    return run(false, pairs);
  }

  static MemoryRun run(boolean packed, List<Pair> pairs) {
    List<byte[]> chunks = new ArrayList<>();
    RunWriter writer = new RunWriter(packed, chunks::add);
    for (Pair pair : pairs) {
      byte[] key = bytes(pair.key);
      writer.append(key, 0, key.length, bytes(pair.value));
    }
    writer.finish();
    return new MemoryRun(chunks, writer.entries(), writer.bytes());
  }

  static List<Pair> all(EntryCursor cursor) {
    List<Pair> pairs = new ArrayList<>();
    while (cursor.next()) {
      pairs.add(new Pair(text(cursor.key()), text(cursor.value())));
    }
    return pairs;
  }

  static RunReader reader(Run run) {
    return new RunReader(false, run.source(), "under test");
  }

  /** One byte a character, so that every string of any bytes can be written down. */
  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static String text(Slice slice) {
    return new String(slice.bytes(), slice.offset(), slice.length(), StandardCharsets.ISO_8859_1);
  }
}
