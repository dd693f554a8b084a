package io.places.remote;

import java.util.Map;

/** A way to send messages between two JVMs of one machine. */
interface Contestant {

  /** Something done again and again. */
  interface Run {
    void run(int times) throws Exception;
  }

  /**
   * Starts the answering side in this JVM, which then lives until it is ended.
   *
   * @return by what the other side finds it
   */
  String serve() throws Exception;

  /** Connects to the answering side; answers what it can do, each checked to have arrived. */
  Map<Discipline, Run> connect(String address) throws Exception;
}
