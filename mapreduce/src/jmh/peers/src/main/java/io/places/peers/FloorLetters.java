package io.places.peers;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;

/**
 * Counts words of Unicode letters and digits in lower case by hand: what has one or two bytes by a table, words with
 * anything else by strings. Words longer than 24 bytes are refused.
 */
final class FloorLetters {
  /** Code points of at most two bytes. */
  private static final int TABLE = 0x800;

  /** What depends on what is beside it, or becomes longer. */
  private static final short ODD = -1;

  private static final short[] LOWER = lower();

  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int LONGEST = 24;

  private final WordTable words = new WordTable();

  /** Arguments: input, output. */
  public static void main(String[] arguments) throws Exception {
    try (FileChannel file = FileChannel.open(Path.of(arguments[0]));
        var threads = Executors.newFixedThreadPool(2)) {
      int size = Math.toIntExact(file.size());
      MappedByteBuffer text = file.map(FileChannel.MapMode.READ_ONLY, 0, size);
      int middle = size / 2;
      while (middle < size && text.get(middle) > ' ' || middle < size && text.get(middle) < 0) {
        middle++;
      }
      int half = middle;
      Callable<WordTable> first = () -> new FloorLetters().count(text.slice(0, half));
      Callable<WordTable> second = () -> new FloorLetters().count(text.slice(half, size - half));
      var halves = threads.invokeAll(List.of(first, second));
      WordTable all = halves.getFirst().get();
      all.addAll(halves.getLast().get());
      all.write(Path.of(arguments[1]));
    }
  }

  private WordTable count(java.nio.ByteBuffer text) {
    byte[] block = new byte[1 << 18];
    int kept = 0;
    while (text.hasRemaining() || kept > 0) {
      int read = Math.min(text.remaining(), block.length - kept);
      text.get(block, kept, read);
      int filled = kept + read;
      int end = filled;
      if (text.hasRemaining()) {
        while (block[end - 1] < 0 || block[end - 1] > ' ') {
          end--;
        }
      }
      count(block, end);
      kept = filled - end;
      System.arraycopy(block, end, block, 0, kept);
      if (!text.hasRemaining() && kept == 0) {
        break;
      }
    }
    return words;
  }

  private void count(byte[] block, int end) {
    byte[] word = new byte[256];
    int at = 0;
    while (at < end) {
      int start = at;
      int length = 0;
      int lower = 0;
      int size = 1;
      while (at < end && length < word.length - 1) {
        int first = block[at];
        size = first >= 0 ? 1 : 2;
        lower = first >= 0 ? LOWER[first] : lowerOfTwo(first, at + 1 < end ? block[at + 1] : 0);
        if (lower <= 0) {
          break;
        }
        if (lower < 0x80) {
          word[length++] = (byte) lower;
        } else {
          word[length++] = (byte) (0xC0 | lower >>> 6);
          word[length++] = (byte) (0x80 | lower & 0x3F);
        }
        at += size;
      }
      if (at < end && lower != 0) { // odd, or too long
        at = start;
        while (at < end && (block[at] < 0 || LOWER[block[at]] != 0)) {
          at++;
        }
        addUnicode(new String(block, start, at - start, StandardCharsets.UTF_8));
        continue;
      }
      if (length > 0) {
        add(word, length);
      }
      at += size;
    }
  }

  private static int lowerOfTwo(int first, int second) {
    return (first & 0xE0) == 0xC0 && (second & 0xC0) == 0x80 ? LOWER[(first & 0x1F) << 6 | second & 0x3F] : ODD;
  }

  private void addUnicode(String text) {
    int start = 0;
    for (int at = 0; at <= text.length(); ) {
      int codePoint = at < text.length() ? text.codePointAt(at) : ' ';
      if (!Character.isLetterOrDigit(codePoint)) {
        if (at > start) {
          byte[] word = text.substring(start, at).toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8);
          add(Arrays.copyOf(word, Math.max(word.length, LONGEST)), word.length);
        }
        start = at + Character.charCount(codePoint);
      }
      at += Character.charCount(codePoint);
    }
  }

  /** The word is followed by anything. */
  private void add(byte[] word, int length) {
    if (length > LONGEST) {
      throw new IllegalArgumentException("a word of more than %d bytes".formatted(LONGEST));
    }
    long first = WordTable.head((long) EIGHT.get(word, 0), Math.min(length, 8));
    long second = length <= 8 ? 0 : WordTable.head((long) EIGHT.get(word, 8), Math.min(length - 8, 8));
    long third = length <= 16 ? 0 : WordTable.head((long) EIGHT.get(word, 16), length - 16);
    words.add(first, second, third, 1);
  }

  private static short[] lower() {
    short[] lower = new short[TABLE];
    for (char c = 0; c < TABLE; c++) {
      String text = String.valueOf(c).toLowerCase(Locale.ROOT);
      boolean isOdd = c == '\u03a3' || text.length() > 1 || text.charAt(0) >= TABLE; // a sigma at the end is another
      lower[c] = !Character.isLetterOrDigit(c) ? 0 : isOdd ? ODD : (short) text.charAt(0);
    }
    return lower;
  }
}
