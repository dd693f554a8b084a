package io.places.examples.qsort;

import io.places.PlacesException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/** Whole numbers in files: one a line, or eight bytes each, the most significant first. */
public final class Numbers {
  private static final int BLOCK = 1 << 16;
  private static final int LONGEST_LINE = 1_000;
  private static final byte[] BYTE_ORDER_MARK = "\uFEFF".getBytes(StandardCharsets.UTF_8);

  private Numbers() {}

  /**
   * Reads a file.
   *
   * @throws PlacesException if it cannot be read, or has something else in it, saying where
   */
  public static long[] read(Path file, boolean binary) {
    try {
      return binary ? readBinary(file) : readLines(file);
    } catch (NoSuchFileException e) {
      throw new PlacesException("cannot read the numbers: there is no " + file, e);
    } catch (IOException e) {
      throw new PlacesException("cannot read the numbers of %s: %s".formatted(file, e), e);
    } catch (OutOfMemoryError e) {
      throw new PlacesException(
          "%s has more numbers than this JVM has memory for (%,d MiB): give it more by JAVA_TOOL_OPTIONS=-Xmx…"
              .formatted(file, Runtime.getRuntime().maxMemory() >> 20), e);
    }
  }

  private static long[] readBinary(Path file) throws IOException {
    long size = Files.size(file);
    if (size % Long.BYTES != 0 || size / Long.BYTES > Integer.MAX_VALUE - 8) {
      throw new PlacesException(
          "%s has %,d bytes: binary numbers take 8 bytes each, at most %,d of them"
              .formatted(file, size, Integer.MAX_VALUE - 8));
    }
    long[] numbers = new long[(int) (size / Long.BYTES)];
    try (InputStream in = Files.newInputStream(file)) {
      int read = 0;
      while (read < numbers.length) {
        byte[] block = in.readNBytes((int) Math.min(BLOCK, (numbers.length - (long) read) * Long.BYTES));
        if (block.length % Long.BYTES != 0 || block.length == 0) {
          throw new PlacesException("%s became shorter while it was read".formatted(file));
        }
        ByteBuffer.wrap(block).asLongBuffer().get(numbers, read, block.length / Long.BYTES);
        read += block.length / Long.BYTES;
      }
    }
    return numbers;
  }

  private static long[] readLines(Path file) throws IOException {
    long[] numbers = new long[1 << 10];
    int count = 0;
    long line = 0;
    byte[] text = new byte[LONGEST_LINE];
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BLOCK)) {
      int length = 0;
      int next;
      do {
        next = in.read();
        if (next == '\n' || next < 0) {
          line++;
          if (line == 1) {
            length = withoutMark(text, length);
          }
          if (!isBlank(text, length)) {
            if (count == numbers.length) {
              numbers = Arrays.copyOf(numbers, Math.multiplyExact(count, 2));
            }
            numbers[count++] = parse(text, length, file, line);
          }
          length = 0;
        } else if (length == LONGEST_LINE) {
          throw new PlacesException(
              "%s, line %,d: longer than %,d bytes, so no number; are these binary numbers? Then say --binary"
                  .formatted(file, line + 1, LONGEST_LINE));
        } else {
          text[length++] = (byte) next;
        }
      } while (next >= 0);
    }
    return Arrays.copyOf(numbers, count);
  }

  /** Takes away what spreadsheets and editors put in front of the first line. */
  private static int withoutMark(byte[] text, int length) {
    int mark = BYTE_ORDER_MARK.length;
    if (length < mark || !Arrays.equals(text, 0, mark, BYTE_ORDER_MARK, 0, mark)) {
      return length;
    }
    System.arraycopy(text, mark, text, 0, length - mark);
    return length - mark;
  }

  private static boolean isBlank(byte[] text, int length) {
    for (int i = 0; i < length; i++) {
      if (text[i] != ' ' && text[i] != '\t' && text[i] != '\r') {
        return false;
      }
    }
    return true;
  }

  private static long parse(byte[] text, int length, Path file, long line) {
    String number = new String(text, 0, length, StandardCharsets.UTF_8).strip();
    try {
      return Long.parseLong(number);
    } catch (NumberFormatException e) {
      throw new PlacesException(
          "%s, line %,d: '%s' is no whole number from %d to %d"
              .formatted(file, line, printable(number), Long.MIN_VALUE, Long.MAX_VALUE), e);
    }
  }

  private static String printable(String text) {
    String cut = text.length() > 60 ? text.substring(0, 60) + "…" : text;
    return cut.replaceAll("\\p{C}", "?"); // marks that cannot be seen, too
  }

  /** Writes numbers in the form that {@link #read} reads. */
  public static void write(long[] numbers, OutputStream out, boolean binary) throws IOException {
    if (binary) {
      ByteBuffer block = ByteBuffer.allocate(BLOCK);
      for (long number : numbers) {
        if (!block.hasRemaining()) {
          out.write(block.array());
          block.clear();
        }
        block.putLong(number);
      }
      out.write(block.array(), 0, block.position());
      return;
    }
    StringBuilder lines = new StringBuilder(BLOCK);
    for (long number : numbers) {
      lines.append(number).append('\n');
      if (lines.length() > BLOCK - 32) {
        out.write(lines.toString().getBytes(StandardCharsets.ISO_8859_1));
        lines.setLength(0);
      }
    }
    out.write(lines.toString().getBytes(StandardCharsets.ISO_8859_1));
  }

  /** The same for the same numbers, whatever their order; another one for others, almost surely. */
  public static long checksum(long[] numbers) {
    long sum = 0;
    for (long number : numbers) {
      long mixed = (number + 0x9E37_79B9_7F4A_7C15L) * 0xBF58_476D_1CE4_E5B9L;
      mixed = (mixed ^ mixed >>> 32) * 0x94D0_49BB_1331_11EBL;
      sum += mixed ^ mixed >>> 29;
    }
    return sum;
  }
}
