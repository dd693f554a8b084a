package io.places.rpc.bench;

/** One way of making calls. */
interface Peer {

  /** A call that waits for its answer; safe for use by many threads. */
  interface Call {
    void run() throws Exception;
  }

  /**
   * Starts the answering side in this JVM, if it is to be in another one than the callers.
   *
   * @return by what the other side finds it
   */
  default String serve() throws Exception {
    return "";
  }

  /** Connects to the answering side. */
  Call connect(String address) throws Exception;
}
