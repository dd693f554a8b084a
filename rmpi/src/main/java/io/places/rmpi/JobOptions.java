package io.places.rmpi;

import io.places.Seconds;
import java.time.Duration;

/**
 * How a job is run. Immutable; the methods answer changed copies.
 *
 * @param deadlockTimeout how long ranks may wait for each other, with nothing under way between them, until
 *     that is reported as a deadlock; zero for ever
 * @param timeLimit for the whole job; zero for none
 * @param tagged whether each line that a rank prints begins with its number
 * @param link which way messages go between ranks in different JVMs
 * @param stats whether a table of what the calls have cost is printed when the job has succeeded
 * @param quiet whether the stack of the rank that has failed is left to the exception, and not printed
 * @param startLimit how long a rank may take to begin, and then to answer each other rank
 */
public record JobOptions(
    Duration deadlockTimeout,
    Duration timeLimit,
    boolean tagged,
    LinkKind link,
    boolean stats,
    boolean quiet,
    Duration startLimit) {
  /** Long enough for a thread of the program's own that computes before it sends. */
  private static final Duration DEADLOCK_TIMEOUT = Duration.ofSeconds(10);

  /** Its node is there, and has loaded nothing yet: on a busy machine that takes some seconds. */
  private static final Duration START_LIMIT = Duration.ofSeconds(20);

  public JobOptions {
    if (deadlockTimeout.isNegative() || timeLimit.isNegative()) {
      throw new IllegalArgumentException(
          "a time is 0 or more, not %s and %s"
              .formatted(Seconds.of(deadlockTimeout), Seconds.of(timeLimit)));
    }
    if (startLimit.isNegative() || startLimit.isZero()) {
      throw new IllegalArgumentException(
          "the start limit must be positive, but is " + Seconds.of(startLimit));
    }
  }

  /** Deadlocks are reported after 10 s; no limit, no tags, the fastest links. */
  public static JobOptions standard() {
    return new JobOptions(DEADLOCK_TIMEOUT, Duration.ZERO, false, LinkKind.AUTO, false, false, START_LIMIT);
  }

  public JobOptions deadlockTimeout(Duration timeout) {
    return new JobOptions(timeout, timeLimit, tagged, link, stats, quiet, startLimit);
  }

  public JobOptions timeLimit(Duration limit) {
    return new JobOptions(deadlockTimeout, limit, tagged, link, stats, quiet, startLimit);
  }

  /** With the rank in front of each line: {@code 3 | ...}. Lines of several ranks then do not mix. */
  public JobOptions tagged(boolean wanted) {
    return new JobOptions(deadlockTimeout, timeLimit, wanted, link, stats, quiet, startLimit);
  }

  /** For tests and comparisons: a job that cannot have it between all its JVMs fails at the start. */
  public JobOptions link(LinkKind wanted) {
    return new JobOptions(deadlockTimeout, timeLimit, tagged, wanted, stats, quiet, startLimit);
  }

  /**
   * With a table on the error output at the end of a job that has succeeded, what took longest first. Of each
   * call: how often all ranks together have made it; the bytes of what they sent or received, or gave to a
   * collective operation (values of message types count for nothing there); the time that went into it, that
   * of waits for what it began included; how much of that was waiting for other ranks; and for which rank: in
   * a collective operation the one that waited least, else the one that was awaited longest.
   */
  public JobOptions stats(boolean wanted) {
    return new JobOptions(deadlockTimeout, timeLimit, tagged, link, wanted, quiet, startLimit);
  }

  /** For a launcher that tells of failures itself: {@link JobFailedException} has them as its cause. */
  public JobOptions quiet(boolean wanted) {
    return new JobOptions(deadlockTimeout, timeLimit, tagged, link, stats, wanted, startLimit);
  }

  /** For a machine that is very busy: its ranks begin slowly. */
  public JobOptions startLimit(Duration limit) {
    return new JobOptions(deadlockTimeout, timeLimit, tagged, link, stats, quiet, limit);
  }
}
