package io.places.ndp;

import io.places.channel.PlaceChannel;
import java.util.Optional;

/** What is said to a worker. */
@SuppressWarnings("ArrayRecordComponent") // never compared; arrays travel as they are
sealed interface ToWorker {
  /**
   * Something to do.
   *
   * @param solve by a {@link DivideAndConquer}; else by an {@link NdpWork}
   * @param size of the encoded argument in bytes
   * @param bytes its first
   */
  record Order(long id, boolean solve, String className, long size, byte[] bytes)
      implements ToWorker {}

  /** More of the bytes of an argument. */
  record Part(long id, byte[] bytes) implements ToWorker {}

  /** What was ordered is not wanted any more. */
  record Cancel(long id) implements ToWorker {}

  /** Another worker will speak to this one. */
  record Serve(PlaceChannel<FromWorker, ToWorker> client) implements ToWorker {}

  /** A share of an array is to be sorted, for whoever has the other end. */
  record Sort(PlaceChannel<FromSorter, ToSorter> client) implements ToWorker {}

  /** The answer of the group to {@link FromWorker.Wanted}. */
  record Given(long request, int number, Optional<PlaceChannel<ToWorker, FromWorker>> node)
      implements ToWorker {}
}
