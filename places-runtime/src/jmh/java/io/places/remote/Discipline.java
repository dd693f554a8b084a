package io.places.remote;

/** What is measured between two JVMs. Messages are of 100 bytes unless said otherwise. */
enum Discipline {
  /** Round trips of one caller that waits for each. */
  ROUND_TRIP_1(500),
  /** Round trips of which 64 are always under way. */
  ROUND_TRIP_64(10_000),
  /** Messages in one direction, none lost. */
  ONE_WAY(100_000),
  /** Messages of 1 MiB in one direction. */
  MEBIBYTES(100);

  static final int SIZE = 100;
  static final int OUTSTANDING = 64;
  static final int BULK_SIZE = 1 << 20;

  /** How many are done between two looks at the clock. */
  final int batch;

  Discipline(int batch) {
    this.batch = batch;
  }
}
