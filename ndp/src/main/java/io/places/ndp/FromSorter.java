package io.places.ndp;

/** What a worker says that sorts a share of an array. */
@SuppressWarnings("ArrayRecordComponent") // never compared; arrays travel as they are
sealed interface FromSorter {
  /**
   * It is ready.
   *
   * @param file whether it sees the file
   */
  record Begun(boolean file) implements FromSorter {}

  /** The next of the sorted numbers. */
  record Numbers(long[] numbers) implements FromSorter {}

  /** The next of the sorted numbers are in the file. */
  record InFile(long at, int count) implements FromSorter {}

  /** It cannot. */
  record Failed(String why) implements FromSorter {}
}
