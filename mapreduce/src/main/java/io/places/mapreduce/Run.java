package io.places.mapreduce;

/*
 * The encoded form, which is what the shuffle ships:
 *
 *   entry*  end
 *   entry = varint(length of key + 1)  key  varint(length of value)  value
 *   end   = varint(0)  varint(number of entries)
 *
 * Varints are protobuf's. Entries are in the order of their keys. The end tells a whole run from one
 * that was cut off, wherever the cut fell. Borders between chunks fall anywhere, also within an entry.
 *
 * A job may have all its runs packed: then this whole form is one stream in zlib's format.
 */

/** Pairs of encoded key and value, sorted by key, in their encoded form. Immutable. */
sealed interface Run permits MemoryRun, SpilledRun {
  /** How many pairs there are. */
  long entries();

  /** The length of the encoded form, as packed. */
  long bytes();

  /** The encoded form from its beginning, as packed. */
  ChunkSource source();
}
