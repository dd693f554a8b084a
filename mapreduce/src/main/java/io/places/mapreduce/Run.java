package io.places.mapreduce;

import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/*
 * The encoded form, which is what the shuffle ships:
 *
 *   entry*  end
 *   entry = varint(length of key + 1)  key  varint(length of value)  value
 *   end   = varint(0)  varint(number of entries)
 *
 * Varints are protobuf's. Entries are in the order of their keys. The end tells a whole run from one
 * that was cut off, wherever the cut fell. Borders between chunks fall anywhere, also within an entry.
 */

/**
 * Pairs of encoded key and value, sorted by key, in their encoded form. Immutable; the chunks are
 * shared and must not be changed.
 *
 * @param chunks the encoded form in pieces of at most {@link RunWriter#CHUNK_BYTES}
 * @param entries how many pairs there are
 * @param bytes the length of all chunks
 */
record Run(List<byte[]> chunks, long entries, long bytes) {

  Run {
    chunks = List.copyOf(chunks);
  }

  /** The chunks, one after the other. */
  ChunkSource source() {
    Iterator<byte[]> rest = chunks.iterator();
    return new ChunkSource() {
      @Override
      public byte @Nullable [] next() {
        return rest.hasNext() ? rest.next() : null;
      }
    };
  }
}
