package io.places.launch;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.OptionalInt;

/** A running process with a node in it. */
public interface LaunchedProcess {

  /** Where its node listens. */
  InetSocketAddress address();

  /**
   * How long its node, which listens, may take to answer the first connection. One that ends in the meantime
   * is known to have ended at once.
   */
  default Duration answerLimit() {
    return Duration.ofSeconds(20);
  }

  /** The machine on which it runs, by the name under which it was launched there. */
  default String host() {
    return "localhost";
  }

  /**
   * How its machine reaches what listens at an address of this one: a way is made if there is none.
   *
   * @throws io.places.LaunchException if none can be made
   */
  default InetSocketAddress seenFromThere(InetSocketAddress here) {
    return here;
  }

  /** Its process id on the machine on which it runs. */
  long processId();

  /**
   * Closes its lifeline, upon which it ends by itself, and ends it by force if it has not within {@code
   * limit}. Returns when it is gone.
   */
  void end(Duration limit);

  /** Ends it by force. */
  void kill();

  /**
   * What became of the process, as a clause: "its process 4711 ended with exit code 1". Waits a moment
   * for a process that is just ending.
   */
  String fate();

  /**
   * What the process has ended with; 128 + the number of the signal that has ended it. Empty if that is not known.
   * Waits a moment for a process that is just ending.
   */
  default OptionalInt exitCode() {
    return OptionalInt.empty();
  }

  /** As {@link #exitCode}, without a wait where that can be: for who has asked for its {@link #fate} just now. */
  default OptionalInt exitCodeNow() {
    return exitCode();
  }

  /** Whether somebody else has started it: then nothing is known of its process. */
  default boolean isAttached() {
    return false;
  }
}
