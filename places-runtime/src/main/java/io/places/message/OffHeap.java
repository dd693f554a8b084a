package io.places.message;

import java.lang.foreign.Arena;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;

/** Where shared vectors lie. */
final class OffHeap {
  private OffHeap() {}

  /**
   * Zeros, freed when nothing refers to them: a vector closed by one place would be pulled away from
   * the others.
   */
  static MemorySegment zeros(int length, MemoryLayout element) {
    if (length < 0) {
      throw new IllegalArgumentException("a shared vector of length " + length + "; it must be 0 or more");
    }
    return Arena.ofAuto().allocate(element.byteSize() * length, element.byteAlignment());
  }
}
