package io.places.ndp;

/** Ways to sort that users cannot choose, for comparison. */
public final class Compared {
  private Compared() {}

  /** By one thread, by bits. */
  public static void byBits(long[] array) {
    LongSort.sort(array, 0, array.length, Crew.ALONE);
  }

  /** With the workers of a group, whether that is quicker or not, by bits. */
  public static void byBits(NdpGroup group, long[] array, boolean throughMemory) {
    group.sortTogether(array, Leaf.BITS, throughMemory);
  }

  /** As {@link NdpGroup#qsort}, through memory of this machine or over TCP. */
  public static void byComparisons(NdpGroup group, long[] array, boolean throughMemory) {
    group.sortTogether(array, Leaf.COMPARISONS, throughMemory);
  }
}
