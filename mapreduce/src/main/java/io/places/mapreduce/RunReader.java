package io.places.mapreduce;

import io.places.ProtocolException;

/**
 * Reads a run from its chunks as they come, holding no more than one chunk and one pair. The chunks
 * may come from another node: what does not fit the encoding is refused.
 */
final class RunReader implements EntryCursor {
  private static final byte[] NOTHING = {};

  private final ChunkSource source;
  private final String name;
  private final Slice key = new Slice();
  private final Slice value = new Slice();
  private byte[] chunk = NOTHING;
  private int at;
  private long entries;
  private boolean ended;

  /**
   * A reader at the beginning of a run.
   *
   * @param packed whether its encoded form is packed
   * @param name of the run, for errors
   */
  RunReader(boolean packed, ChunkSource source, String name) {
    this.source = packed ? new Unpacked(source, name) : source;
    this.name = name;
  }

  @Override
  public boolean next() {
    if (ended) {
      return false;
    }
    long keyLength = readVarint() - 1;
    if (keyLength < 0) {
      checkEnd();
      ended = true;
      return false;
    }
    take(key, keyLength);
    take(value, readVarint());
    entries++;
    return true;
  }

  @Override
  public Slice key() {
    return key;
  }

  @Override
  public Slice value() {
    return value;
  }

  private void checkEnd() {
    long written = readVarint();
    if (written != entries) {
      throw damaged("it has " + entries + " pairs and ends with a count of " + written);
    }
    if (at < chunk.length || source.next() != null) {
      throw damaged("it goes on after its end");
    }
  }

  private long readVarint() {
    long result = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (at == chunk.length) {
        nextChunk();
      }
      byte b = chunk[at++];
      result |= (b & 0x7FL) << shift;
      if (b >= 0) {
        return result;
      }
    }
    throw damaged("a length takes more than 10 bytes");
  }

  /** Sets the slice to the next bytes: in place where they are in one chunk, else in a copy. */
  private void take(Slice slice, long length) {
    if (length < 0 || length > PairLimits.MOST_BYTES) {
      throw damaged("it names a length of " + length + "; at most " + PairLimits.MOST_BYTES);
    }
    int size = (int) length;
    if (chunk.length - at >= size) {
      slice.set(chunk, at, size);
      at += size;
    } else {
      slice.set(gather(size), 0, size);
    }
  }

  private byte[] gather(int size) {
    byte[] gathered = new byte[size];
    int filled = 0;
    while (filled < size) {
      if (at == chunk.length) {
        nextChunk();
      }
      int part = Math.min(size - filled, chunk.length - at);
      System.arraycopy(chunk, at, gathered, filled, part);
      at += part;
      filled += part;
    }
    return gathered;
  }

  private void nextChunk() {
    byte[] next;
    do {
      next = source.next();
      if (next == null) {
        throw damaged("it was cut off after " + entries + " pairs");
      }
    } while (next.length == 0);
    chunk = next;
    at = 0;
  }

  private ProtocolException damaged(String what) {
    return new ProtocolException("the run " + name + " is damaged: " + what);
  }
}
