package io.places.mapreduce;

import org.jspecify.annotations.Nullable;

/**
 * A run in a file, which can be read as long as that is open.
 *
 * @param at where it begins
 */
record SpilledRun(SpillFile file, long at, long entries, long bytes) implements Run {

  @Override
  public ChunkSource source() {
    return new ChunkSource() {
      private long next = at;

      @Override
      public byte @Nullable [] next() {
        int size = (int) Math.min(RunWriter.CHUNK_BYTES, at + bytes - next);
        if (size == 0) {
          return null;
        }
        byte[] chunk = file.read(next, size);
        next += size;
        return chunk;
      }
    };
  }
}
