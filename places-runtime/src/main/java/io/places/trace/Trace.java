package io.places.trace;

import java.net.InetSocketAddress;
import jdk.jfr.Category;
import jdk.jfr.DataAmount;
import jdk.jfr.Description;
import jdk.jfr.Enabled;
import jdk.jfr.Event;
import jdk.jfr.FlightRecorder;
import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.StackTrace;

/*
 * The first object of a class of events registers it, which has Java Flight Recorder read the descriptions of
 * all events that there are: some 40 ms of a node's start. So none is made until somebody records.
 */
/** Where the runtime says what it does. Safe for use by many threads; never waits. */
@SuppressWarnings("UnusedVariable") // the recorder reads the fields
public final class Trace {
  private Trace() {}

  /** A place's body is about to run, in this thread. */
  public static void placeStarted(String node, String place, Object body) {
    if (!FlightRecorder.isInitialized()) {
      return;
    }
    var event = new PlaceStart();
    if (event.isEnabled()) {
      event.node = node;
      event.place = place;
      event.body = body.toString();
      event.commit();
    }
  }

  /** All code of a place has run. */
  public static void placeEnded(String node, String place, Enum<?> reason, int exitCode) {
    if (!FlightRecorder.isInitialized()) {
      return;
    }
    var event = new PlaceEnd();
    if (event.isEnabled()) {
      event.node = node;
      event.place = place;
      event.reason = reason.name();
      event.exitCode = exitCode;
      event.commit();
    }
  }

  /**
   * A message was put.
   *
   * @param peer what is at the other end of its channel
   * @param size its bytes; 0 for one that went as it is
   */
  public static void put(Object peer, int size) {
    if (!FlightRecorder.isInitialized()) {
      return;
    }
    var event = new MessagePut();
    if (event.isEnabled()) {
      event.peer = peer.toString();
      event.size = size;
      event.commit();
    }
  }

  /** A message was got: see {@link #put}. */
  public static void got(Object peer, int size) {
    if (!FlightRecorder.isInitialized()) {
      return;
    }
    var event = new MessageGet();
    if (event.isEnabled()) {
      event.peer = peer.toString();
      event.size = size;
      event.commit();
    }
  }

  /** A connection to another node has been authenticated. */
  public static void connectionUp(InetSocketAddress address, boolean opened) {
    if (!FlightRecorder.isInitialized()) {
      return;
    }
    var event = new ConnectionUp();
    if (event.isEnabled()) {
      event.address = address.toString();
      event.opened = opened;
      event.commit();
    }
  }

  /** A connection that was up is over. */
  public static void connectionDown(InetSocketAddress address, String reason) {
    if (!FlightRecorder.isInitialized()) {
      return;
    }
    var event = new ConnectionDown();
    if (event.isEnabled()) {
      event.address = address.toString();
      event.reason = reason;
      event.commit();
    }
  }

  @Name("io.places.PlaceStart")
  @Label("Place Start")
  @Category("Places")
  @Enabled(false)
  @StackTrace(false)
  private static final class PlaceStart extends Event {
    @Label("Node")
    String node = "";

    @Label("Place")
    String place = "";

    @Label("Body")
    String body = "";
  }

  @Name("io.places.PlaceEnd")
  @Label("Place End")
  @Category("Places")
  @Enabled(false)
  @StackTrace(false)
  private static final class PlaceEnd extends Event {
    @Label("Node")
    String node = "";

    @Label("Place")
    String place = "";

    @Label("Reason")
    String reason = "";

    @Label("Exit Code")
    int exitCode;
  }

  @Name("io.places.MessagePut")
  @Label("Message Put")
  @Category("Places")
  @Enabled(false)
  @StackTrace(false)
  private static final class MessagePut extends Event {
    @Label("Peer")
    @Description("What is at the other end of the channel")
    String peer = "";

    @Label("Size")
    @DataAmount
    int size;
  }

  @Name("io.places.MessageGet")
  @Label("Message Get")
  @Category("Places")
  @Enabled(false)
  @StackTrace(false)
  private static final class MessageGet extends Event {
    @Label("Peer")
    @Description("What is at the other end of the channel")
    String peer = "";

    @Label("Size")
    @DataAmount
    int size;
  }

  @Name("io.places.ConnectionUp")
  @Label("Connection Up")
  @Category("Places")
  @Enabled(false)
  @StackTrace(false)
  private static final class ConnectionUp extends Event {
    @Label("Address")
    String address = "";

    @Label("Opened")
    @Description("Whether this side opened the connection")
    boolean opened;
  }

  @Name("io.places.ConnectionDown")
  @Label("Connection Down")
  @Category("Places")
  @Enabled(false)
  @StackTrace(false)
  private static final class ConnectionDown extends Event {
    @Label("Address")
    String address = "";

    @Label("Reason")
    String reason = "";
  }
}
