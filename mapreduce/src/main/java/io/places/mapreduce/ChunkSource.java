package io.places.mapreduce;

import org.jspecify.annotations.Nullable;

/** Where the pieces of an encoded run come from: memory, or a channel on which they arrive. */
@FunctionalInterface
interface ChunkSource {

  /**
   * The next piece, or null after the last. May wait for it. The array then belongs to the reader's
   * side: the source neither changes it nor hands it out again.
   */
  byte @Nullable [] next();
}
