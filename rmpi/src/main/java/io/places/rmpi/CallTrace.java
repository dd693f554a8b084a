package io.places.rmpi;

import java.time.Duration;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;
import jdk.jfr.Timespan;

/**
 * A call of one rank as JDK Flight Recorder sees it, from its beginning to its end. Whoever ends it may be another
 * thread than the one that has begun it, but not at the same time.
 */
final class CallTrace {
  /** No rank, no tag: collective operations without a root have none. */
  static final int NONE = -1;

  private final Call event = new Call();

  /**
   * Begins now.
   *
   * @param rank of the job
   * @param context the communicator's
   * @param peer the other rank, in the communicator; {@link #NONE} if it is any, or all
   * @param tag {@link #NONE} if it is any, or there is none
   */
  CallTrace(int rank, String operation, int context, int peer, int tag, long bytes) {
    event.rank = rank;
    event.operation = operation;
    event.communicator = context;
    event.peer = peer;
    event.tag = tag;
    event.bytes = bytes;
    event.begin();
  }

  /** Whether a recording wants calls now: asked once, when a rank begins, as nothing is to be paid for otherwise. */
  static boolean isWanted() {
    return FlightRecorder.isInitialized() && new Call().isEnabled();
  }

  /** What has come, for a receive: known when it is matched. */
  void matched(int peer, int tag, long bytes) {
    event.peer = peer;
    event.tag = tag;
    event.bytes = bytes;
  }

  /**
   * It is over.
   *
   * @param waited how long a thread of the rank did nothing else than wait for it
   */
  void end(Duration waited) {
    event.end();
    event.waited = waited.toNanos();
    event.commit();
  }

  /** One call; what {@code io.places.RmpiCall} in a recording is. */
  @Name("io.places.RmpiCall")
  @Label("RMPI Call")
  @Category("Places")
  @Enabled(false)
  @StackTrace(false)
  @SuppressWarnings("UnusedVariable") // the recorder reads the fields
  private static final class Call extends Event {
    @Label("Rank")
    int rank;

    @Label("Operation")
    String operation = "";

    @Label("Communicator")
    @Description("Its number, the same at all of its ranks; 0 is that of all ranks")
    int communicator;

    @Label("Peer")
    @Description("The other rank, or the root; -1 if there is none")
    int peer;

    @Label("Tag")
    @Description("Of a message; -1 if there is none")
    int tag;

    @Label("Bytes")
    @DataAmount
    long bytes;

    @Label("Waited")
    @Description("How long the rank did nothing but wait for others")
    @Timespan(Timespan.NANOSECONDS)
    long waited;
  }
}
