package io.places.mapreduce;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Encodes one {@link Run}, packed or not. The pairs must be given in the order of their keys. */
final class RunWriter {
  /** What one frame of the runtime carries at most, so a chunk is sent without being cut. */
  static final int CHUNK_BYTES = 64 << 10;

  /** With many partitions most runs are tiny: they should not cost a whole chunk each. */
  static final int FIRST_BYTES = 256;

  /** A key that is copied by other means than a long one; with its value it takes less than twice that. */
  private static final int SHORT = 64;

  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private final Consumer<byte[]> sink;
  private final @Nullable Packer packer;
  private final byte[] number = new byte[Long.BYTES + 3];
  private byte[] chunk = new byte[FIRST_BYTES];
  private int used;
  private long entries;
  private long bytes;

  /**
   * Gives each chunk away as soon as it is full.
   *
   * @param packed whether the encoded form is packed
   * @param sink takes the chunks, which nobody changes any more
   */
  RunWriter(boolean packed, Consumer<byte[]> sink) {
    this.sink = sink;
    this.packer = packed ? new Packer(this::give) : null;
  }

  void append(byte[] key, int keyOffset, int keyLength, byte[] value) {
    writeVarint(keyLength + 1L);
    write(key, keyOffset, keyLength);
    writeVarint(value.length);
    write(value, 0, value.length);
    entries++;
  }

  /** As above, where values are numbers. */
  void append(byte[] key, int keyOffset, int keyLength, long value) {
    entries++;
    if (keyLength < SHORT
        && chunk.length - used >= 2 * SHORT
        && key.length - keyOffset >= SHORT + Long.BYTES) {
      appendShort(key, keyOffset, keyLength, value);
      return;
    }
    writeVarint(keyLength + 1L);
    write(key, keyOffset, keyLength);
    int length = LongValues.write(value, number, 0);
    writeVarint(length);
    write(number, 0, length);
  }

  /** Eight bytes at a time, and so beyond the end of the key: what comes next is written over that. */
  private void appendShort(byte[] key, int keyOffset, int keyLength, long value) {
    byte[] to = chunk;
    int at = used;
    to[at++] = (byte) (keyLength + 1);
    for (int i = 0; i < keyLength; i += Long.BYTES) {
      EIGHT.set(to, at + i, (long) EIGHT.get(key, keyOffset + i));
    }
    at += keyLength;
    int end = LongValues.write(value, to, at + 1);
    to[at] = (byte) (end - at - 1);
    used = end;
  }

  void append(Slice key, Slice value) {
    writeVarint(key.length() + 1L);
    write(key.bytes(), key.offset(), key.length());
    writeVarint(value.length());
    write(value.bytes(), value.offset(), value.length());
    entries++;
  }

  /** Writes the end. */
  void finish() {
    writeVarint(0);
    writeVarint(entries);
    if (packer == null) {
      give(Arrays.copyOf(chunk, used));
    } else {
      packer.pack(chunk, used);
      packer.finish();
    }
    used = 0;
  }

  long entries() {
    return entries;
  }

  /** How long the encoded form is, as packed, once it is finished. */
  long bytes() {
    return bytes;
  }

  private void writeVarint(long value) {
    long rest = value;
    while (rest >= 0x80) {
      writeByte((byte) (rest | 0x80));
      rest >>>= 7;
    }
    writeByte((byte) rest);
  }

  private void writeByte(byte b) {
    if (used == chunk.length) {
      makeRoom();
    }
    chunk[used++] = b;
  }

  private void write(byte[] source, int offset, int length) {
    int from = offset;
    int left = length;
    while (left > 0) {
      if (used == chunk.length) {
        makeRoom();
      }
      int part = Math.min(left, chunk.length - used);
      System.arraycopy(source, from, chunk, used, part);
      used += part;
      from += part;
      left -= part;
    }
  }

  private void makeRoom() {
    if (chunk.length < CHUNK_BYTES) {
      chunk = Arrays.copyOf(chunk, Math.min(CHUNK_BYTES, chunk.length * 4));
    } else if (packer == null) {
      give(chunk);
      chunk = new byte[CHUNK_BYTES];
      used = 0;
    } else {
      packer.pack(chunk, used);
      used = 0;
    }
  }

  private void give(byte[] full) {
    sink.accept(full);
    bytes += full.length;
  }
}
