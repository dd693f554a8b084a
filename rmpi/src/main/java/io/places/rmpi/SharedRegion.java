package io.places.rmpi;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.random.RandomGenerator;

/** Memory of one rank that the ranks of its host can map, for what is to be sent from there. */
final class SharedRegion {
  /** The first page holds the token. */
  static final long DATA_AT = 4096;

  /** From this size on a message out of such memory is left there until its receiver has copied it. */
  static final long LEAST = 16 << 10;

  private final SharedFile file;

  private SharedRegion(SharedFile file) {
    this.file = file;
  }

  static SharedRegion create(RandomGenerator random, long bytes) throws IOException {
    return new SharedRegion(SharedFile.create(random, DATA_AT + bytes));
  }

  /** Where the data are. */
  MemorySegment data() {
    return file.memory().asSlice(DATA_AT);
  }

  Frame.Memory name() {
    return file.name();
  }
}
