package io.places.ndp;

/** What a worker says. */
@SuppressWarnings("ArrayRecordComponent") // never compared; arrays travel as they are
sealed interface FromWorker {
  /**
   * An order is done.
   *
   * @param size of the encoded result in bytes
   * @param bytes its first
   */
  record Answer(long id, long size, byte[] bytes) implements FromWorker {}

  /** More of the bytes of a result. */
  record Part(long id, byte[] bytes) implements FromWorker {}

  /**
   * An order has failed.
   *
   * @param path of the part that failed, within the problem that was ordered
   * @param message of the exception; empty if it had none
   * @param stack as text
   */
  record Failed(long id, String path, String exceptionClass, String message, String stack)
      implements FromWorker {}

  /** The worker wants a node of the group, for its own work. */
  record Wanted(long request) implements FromWorker {}

  /** It gives one back. */
  record Returned(int number) implements FromWorker {}
}
