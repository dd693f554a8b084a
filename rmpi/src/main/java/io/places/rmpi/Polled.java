package io.places.rmpi;

/**
 * A link that goes on only when a thread of the rank looks at it: one thread at a time, which {@link
 * Progress} chooses.
 */
interface Polled {
  /** Deals with some of what has come, and sends some of what could not be sent yet; whether there was any. */
  boolean poll();

  /**
   * From now on the peer calls {@link Progress#wake} when something comes, once; followed by one {@link #poll}
   * at least, which sees all that came before.
   */
  void announceSleep();

  /** The peer need not call any more. */
  void announceAwake();
}
