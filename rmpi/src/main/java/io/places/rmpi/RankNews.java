package io.places.rmpi;

import java.time.Duration;
import java.util.List;

/** What a rank says to the launcher. */
@SuppressWarnings("ArrayRecordComponent") // never compared
sealed interface RankNews {
  /** It can be found by the ranks of its JVM. */
  record Ready() implements RankNews {}

  /** It has a link to each other rank. */
  record Linked() implements RankNews {}

  /** What its function has returned, encoded. */
  record Result(String type, byte[] value) implements RankNews {}

  /** What its calls have cost, at the end. */
  record Stats(List<Tally.Row> rows) implements RankNews {}

  /**
   * What it has called with others, at the end; or so far.
   *
   * @param shares those of all ranks add up to 0 if they have called the same
   * @param logs of some communicators
   */
  record Calls(long shares, List<Log> logs) implements RankNews {}

  /** Its program has failed after another rank had, and most likely by that. */
  record FailedWithOthers() implements RankNews {}

  /** What it waits for and has called, when it is asked. */
  record State(List<Wait> waits, List<Traffic> traffic, Calls calls) implements RankNews {
    /** Of a rank that is not to be asked. */
    static final State UNKNOWN = new State(List.of(), List.of(), new Calls(0, List.of()));

    /** Whether its program is waiting for other ranks. */
    boolean isBlocked() {
      return waits.stream().anyMatch(Wait::isMain);
    }
  }

  /**
   * A thread that waits.
   *
   * @param isMain whether it is the one that runs the program
   * @param operation for what
   * @param since when it began, by the rank's own clock: tells one wait from the next that looks the same
   * @param peers any of these ranks can end the wait; none if all that could have ended
   * @param mayEndOtherwise whether it may end without them, for all that is known
   * @param stack where, innermost first
   */
  record Wait(
      boolean isMain,
      String operation,
      long since,
      List<Integer> peers,
      boolean mayEndOtherwise,
      Duration waited,
      List<String> stack) {}

  /**
   * What it has called on a communicator.
   *
   * @param group the first of its members, as a rank of the job
   * @param size of the communicator
   * @param rank of who tells, in the communicator
   * @param number of calls
   * @param hash of all of them
   * @param last some of them
   */
  record Log(
      int context, int group, int size, int rank, long number, long hash, List<CollectiveCall> last) {}

  /** How many frames went to a rank of another JVM, and how many have come from it and are dealt with. */
  record Traffic(int peer, long sent, long received) {}
}
