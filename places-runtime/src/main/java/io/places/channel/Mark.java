package io.places.channel;

/** What a message is to its channel. */
public enum Mark {
  /** Nothing but a message. */
  PLAIN,
  /** A question: whoever gets it owes an answer. */
  QUESTION,
  /** The answer to a question: goes to the thread that asked. */
  ANSWER
}
