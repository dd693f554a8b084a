package io.places.ndp;

/** What is said to a worker that sorts a share of an array. */
@SuppressWarnings("ArrayRecordComponent") // never compared; arrays travel as they are
sealed interface ToSorter {
  /**
   * The first. Is answered.
   *
   * @param expected how many numbers there will be, more or less
   * @param path of a file through which numbers can go as well; empty if there is none
   * @param token by which the file is known
   */
  record Begin(Leaf leaf, int expected, String path, byte[] token) implements ToSorter {}

  /** More numbers. */
  sealed interface Piece extends ToSorter {
    int count();
  }

  /** Numbers, as they are. */
  record Numbers(long[] numbers) implements Piece {
    @Override
    public int count() {
      return numbers.length;
    }
  }

  /** Numbers that are in the file. */
  record InFile(long at, int count) implements Piece {}

  /**
   * These were all: they are to be sorted and sent back.
   *
   * @param resultsAt where in the file there is room for them
   */
  record End(long resultsAt) implements ToSorter {}
}
