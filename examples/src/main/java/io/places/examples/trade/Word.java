package io.places.examples.trade;

/** What a buyer and a seller say to each other. A message type: the interface knows all its records. */
sealed interface Word {

  /** My price, in cents. */
  record Offer(int cents) implements Word {}

  /** I take your last price. */
  record Agreed() implements Word {}

  /** I cannot come closer, and you do not. */
  record Leave() implements Word {}
}
