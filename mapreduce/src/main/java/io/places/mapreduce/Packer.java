package io.places.mapreduce;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.zip.Deflater;

/** Packs the chunks of one run in zlib's format (RFC 1950), at the level that costs least time. */
final class Packer {
  private final Consumer<byte[]> sink;
  private final Deflater deflater = new Deflater(Deflater.BEST_SPEED);
  private byte[] packed = new byte[RunWriter.FIRST_BYTES];
  private int used;

  /**
   * Gives each packed chunk away as soon as it is full.
   *
   * @param sink takes the chunks, which nobody changes any more
   */
  Packer(Consumer<byte[]> sink) {
    this.sink = sink;
  }

  /** Takes the next bytes; the array may be used again afterwards. */
  void pack(byte[] bytes, int length) {
    deflater.setInput(bytes, 0, length);
    while (!deflater.needsInput()) {
      deflate();
    }
  }

  /** Gives away the rest. To be called once, at the end. */
  void finish() {
    deflater.finish();
    while (!deflater.finished()) {
      deflate();
    }
    deflater.end();
    sink.accept(Arrays.copyOf(packed, used));
  }

  private void deflate() {
    if (used == packed.length) {
      makeRoom();
    }
    used += deflater.deflate(packed, used, packed.length - used);
  }

  private void makeRoom() {
    if (packed.length < RunWriter.CHUNK_BYTES) {
      packed = Arrays.copyOf(packed, packed.length * 4);
    } else {
      sink.accept(packed);
      packed = new byte[RunWriter.CHUNK_BYTES];
      used = 0;
    }
  }
}
