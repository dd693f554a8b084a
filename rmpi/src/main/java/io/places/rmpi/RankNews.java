package io.places.rmpi;

/** What a rank says to the launcher. */
@SuppressWarnings("ArrayRecordComponent") // never compared
sealed interface RankNews {
  /** It can be found by the ranks of its JVM. */
  record Ready() implements RankNews {}

  /** It has a link to each other rank. */
  record Linked() implements RankNews {}

  /** What its function has returned, encoded. */
  record Result(String type, byte[] value) implements RankNews {}
}
