package io.places.mapreduce.text;

import io.places.mapreduce.RecordReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** The lines within the blocks of a reader that cuts behind lines only; without a byte order mark before the first. */
final class LineReader implements RecordReader<Long, String> {
  /** U+FEFF in UTF-8, which some editors put in front of a file. */
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

  private final BlockReader blocks;

  /** The line in the block: from {@code start} up to {@code end}, its end of line included. */
  private int start;

  private int end;

  /** The offset of the block's first byte. */
  private long blockOffset;

  LineReader(BlockReader blocks) {
    this.blocks = blocks;
  }

  @Override
  public boolean next() throws IOException {
    if (end == blocks.length()) {
      if (!blocks.next()) {
        return false;
      }
      blockOffset = blocks.offset();
      end = 0;
    }
    start = end;
    byte[] bytes = blocks.bytes();
    int length = blocks.length();
    int at = start;
    while (at < length && bytes[at] != '\n') {
      at++;
    }
    end = Math.min(at + 1, length);
    return true;
  }

  @Override
  public Long key() {
    return blockOffset + start;
  }

  @Override
  public String value() {
    byte[] bytes = blocks.bytes();
    int from = isMarked() ? start + BYTE_ORDER_MARK.length : start;
    int stop = end;
    if (bytes[stop - 1] == '\n') {
      stop--;
      if (stop > from && bytes[stop - 1] == '\r') {
        stop--;
      }
    }
    return new String(bytes, from, stop - from, StandardCharsets.UTF_8);
  }

  private boolean isMarked() {
    int behind = start + BYTE_ORDER_MARK.length;
    return blockOffset + start == 0
        && behind <= end
        && Arrays.equals(blocks.bytes(), start, behind, BYTE_ORDER_MARK, 0, BYTE_ORDER_MARK.length);
  }

  @Override
  public String position() {
    return origin().toString();
  }

  /** What the line ends with: LF, CR LF, or nothing at the end of a file. */
  String end() {
    byte[] bytes = blocks.bytes();
    if (bytes[end - 1] != '\n') {
      return "";
    }
    return end - start > 1 && bytes[end - 2] == '\r' ? "\r\n" : "\n";
  }

  /** Where the line begins. */
  Origin origin() {
    Origin block = blocks.origin();
    return new Origin(block.file(), block.entry(), key());
  }

  @Override
  public long bytesRead() {
    return blocks.bytesRead() - (blocks.length() - end);
  }

  @Override
  public void close() throws IOException {
    blocks.close();
  }
}
