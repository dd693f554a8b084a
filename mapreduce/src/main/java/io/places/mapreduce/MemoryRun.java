package io.places.mapreduce;

import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run in memory.
 *
 * @param chunks the encoded form in pieces of at most {@link RunWriter#CHUNK_BYTES}, which are shared and
 *     must not be changed
 */
record MemoryRun(List<byte[]> chunks, long entries, long bytes) implements Run {

  MemoryRun {
    chunks = List.copyOf(chunks);
  }

  @Override
  public ChunkSource source() {
    Iterator<byte[]> rest = chunks.iterator();
    return new ChunkSource() {
      @Override
      public byte @Nullable [] next() {
        return rest.hasNext() ? rest.next() : null;
      }
    };
  }
}
