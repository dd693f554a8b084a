package io.places.wire;

import com.google.protobuf.CodedInputStream;
import io.places.ProtocolException;
import io.places.Surroundings;
import io.places.trace.Trace;
import io.places.wire.proto.Control;
import io.places.wire.proto.Goodbye;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/*
 * One connection to one peer, from the first byte to the last: handshake, then frames.
 *
 * The pipe's event loop owns everything that comes in (handshake, decoder, assemblies, the sequence
 * received); the outbox owns everything that goes out. A connection is closed by whoever sees first that
 * it is over: the pipe, the heartbeat's ticker, a broken rule, the node; `state` makes that happen once.
 */
/** An authenticated connection to a peer node. Sending is safe for use by many threads. */
public final class Connection implements Transport.Receiver {
  /** The most bytes of a message, unless the node takes less. */
  public static final int LARGEST_MESSAGE = 64 << 20;

  /** The largest message, and the number of a question: what a receiver may have to hold in one piece. */
  public static final int MAX_MESSAGE = LARGEST_MESSAGE + Long.BYTES;

  /** Bytes of messages that may be sent on a connection before they are got; some may overdraw. */
  public static final int WINDOW = 64 << 20;

  /**
   * A message of at most this size may go though the window is used up, as long as a whole one more is not:
   * so that slow readers of large messages do not stop those who exchange small ones.
   */
  public static final int SMALL_MESSAGE = 8 << 10;

  /** What a message costs to keep besides its bytes. */
  private static final int OVERHEAD = 64;

  /** What may be unread in all; a peer that keeps to the window never reaches it. */
  private static final long BUDGET = 2L * WINDOW + MAX_MESSAGE;

  /** The message is a question; its number is its first 8 bytes. */
  public static final int QUESTION = FrameHeader.QUESTION;

  /** The message is an answer; the number of the question is its first 8 bytes. */
  public static final int ANSWER = FrameHeader.ANSWER;

  private static final Logger LOG = LoggerFactory.getLogger(Connection.class);

  /**
   * How long a connection whose peer broke the protocol is read on, and what comes thrown away: a socket
   * that is closed with unread bytes in it tells the peer nothing, not even what was sent before. The
   * listener hears of the end afterwards, because that may end this process.
   */
  private static final Duration LINGER = Duration.ofSeconds(2);

  /** Characters of a reason that is told. */
  private static final int MAX_REASON = 1_000;

  /** How deep a control message may be nested; ours are three deep. */
  private static final int RECURSION_LIMIT = 32;

  private enum State {
    HANDSHAKE,
    OPEN,
    OVER
  }

  private final Wire wire;
  private final Surroundings surroundings;
  private final ConnectionListener listener;
  private final boolean connector;
  private final int largestMessage;
  private final Handshake handshake;
  private final long since;
  private final CompletableFuture<Connection> authenticated = new CompletableFuture<>();
  private final AtomicReference<State> state = new AtomicReference<>(State.HANDSHAKE);
  private volatile Transport.@Nullable Pipe pipe;
  private volatile @Nullable Outbox outbox; // from the end of the handshake on
  private volatile long lastReceived;
  private volatile long lingersUntil;
  private volatile @Nullable String lingersBecause; // null: it does not
  private volatile boolean wantsMemory;
  private volatile long received; // the sequence of the last frame
  private volatile long heardThere; // when the peer last said that it had got something new

  /** The sequence of the last frame that the peer has got, as it says. Owned by the pipe's event loop. */
  private long gotThere;

  /** Owned by the pipe's event loop. */
  private final FrameDecoder decoder = new FrameDecoder();

  /** Called on the pipe's event loop. */
  private final FrameDecoder.Sink frames =
      new FrameDecoder.Sink() {
        @Override
        public void frame(FrameHeader header, ByteBuffer body) {
          frameCame(header, body);
        }

        @Override
        public @Nullable ByteBuffer room(FrameHeader header) {
          Assembly assembly =
              header.kind() == FrameKind.DATA ? assemblies.get(header.channel()) : null;
          return assembly == null ? null : assembly.room(header.length());
        }
      };

  /** Messages of which some frames are still to come. Owned by the pipe's event loop. */
  private final Map<Long, Assembly> assemblies = new HashMap<>();

  /** Owned by the pipe's event loop. */
  private int messagesInRead;

  /** What the assemblies are charged. Owned by the pipe's event loop. */
  private long assembling;

  /** What came or comes and was not released. */
  private final AtomicLong held = new AtomicLong();

  /** A quarter window at a time: see ADR 11. */
  private final Grants grants = new Grants(window() / 4);

  Connection(
      Wire wire, Surroundings surroundings, ConnectionListener listener, Handshake handshake,
      boolean connector) {
    this.wire = wire;
    this.surroundings = surroundings;
    this.listener = listener;
    this.handshake = handshake;
    this.connector = connector;
    this.largestMessage = listener.largestMessage();
    this.since = surroundings.clock().nanoTime();
    this.lastReceived = since;
    this.heardThere = since;
  }

  /** Whether this side opened the connection: it then chooses odd channel ids, else even ones. */
  public boolean isConnector() {
    return connector;
  }

  /** The most bytes that a message takes in either direction, as far as this node is concerned. */
  public int largestMessage() {
    return largestMessage;
  }

  /** Who the peer is. */
  public NodeIdentity peer() {
    return handshake.peer();
  }

  public InetSocketAddress remote() {
    Transport.Pipe to = pipe;
    if (to == null) {
      throw new IllegalStateException("the connection is not open yet");
    }
    return to.remote();
  }

  /** When it was made, by the clock's nanoseconds. */
  public long since() {
    return since;
  }

  /**
   * What lies on this side.
   *
   * @param unsent bytes that are still to be given to the system, by channel; those of 0 are the nodes' own
   * @param inFlight bytes that were given to the system, which has not confirmed them
   * @param unread bytes of messages that came and were not got or dropped, each with 64 on top
   */
  public record Backlog(Map<Long, Long> unsent, long inFlight, long unread) {}

  /** What lies on this side now. */
  public Backlog backlog() {
    Outbox out = outbox;
    return out == null
        ? new Backlog(Map.of(), 0, held.get())
        : new Backlog(out.unsent(), out.underWay(), held.get());
  }

  /** Sends a control message ahead of everything else. */
  public void control(Control message) {
    control(Outbox.CONTROL_LANE, message);
  }

  /**
   * Sends a control message after all that was sent in a lane.
   *
   * @throws IllegalArgumentException if it is larger than a frame
   */
  public void control(long lane, Control message) {
    byte[] body = message.toByteArray();
    if (body.length > FrameKind.CONTROL.maxBody) {
      throw new IllegalArgumentException(
          "a control message of %d bytes; the bound is %d"
              .formatted(body.length, FrameKind.CONTROL.maxBody));
    }
    send(lane, FrameKind.CONTROL, 0, body);
  }

  /**
   * Sends a message of at most {@link #MAX_MESSAGE} bytes, with its number. The array is the connection's then, which
   * gives it to its listener once it has left.
   *
   * @param marks {@link #QUESTION}, {@link #ANSWER} or 0
   * @param number of the question; without meaning if there are no marks
   */
  public void data(
      long lane, long channel, int marks, long number, byte[] bytes, int offset, int size) {
    open().send(lane, channel, marks, number, bytes, offset, size);
  }

  /** Lets the peer send more on a channel. */
  public void credit(long channel, int messages, long bytes) {
    byte[] body = ByteBuffer.allocate(12).putInt(messages).putLong(bytes).array();
    send(Outbox.CONTROL_LANE, FrameKind.CREDIT, channel, body);
  }

  /** What a message of a size counts against the connection's window. */
  public static long cost(int size) {
    return (long) size + OVERHEAD;
  }

  /** What the peer may send on this connection before it is got. */
  public static long window() {
    return Wire.window();
  }

  private void charge(int size) {
    long cost = cost(size);
    long all = held.addAndGet(cost);
    if (all > BUDGET) {
      held.addAndGet(-cost);
      throw new ProtocolException(
          "a message of %d bytes, with %d bytes of others on this connection that come or were not got yet; the bound is %d"
              .formatted(size, all - cost, BUDGET));
    }
    try {
      wire.charge(cost);
    } catch (ProtocolException e) {
      held.addAndGet(-cost);
      throw e;
    }
    grants.charge(cost); // after it is held: see releaseCost
  }

  /** A message that the listener was given was got, or is dropped. Thread-safe. */
  public void release(int size) {
    releaseCost(cost(size));
  }

  /** Several such messages, with what they {@link #cost} together. Thread-safe. */
  public void releaseCost(long cost) {
    long all = grants.charged(); // first
    long due = grants.due(all, uncharge(cost));
    if (due > 0) {
      credit(0, 0, due);
    }
  }

  private long uncharge(long cost) {
    wire.release(cost);
    return held.addAndGet(-cost);
  }

  private void send(long lane, FrameKind kind, long channel, byte[] body) {
    open().send(lane, kind, channel, body);
  }

  private Outbox open() {
    Outbox out = outbox;
    if (out == null) {
      throw new IllegalStateException("the handshake is not done");
    }
    return out;
  }

  /** Waits until everything sent has left, says goodbye, and closes. */
  public void close(Duration limit) {
    Outbox out = outbox;
    if (out != null && !isOver()) {
      try {
        boolean sent = out.flush(limit.toNanos());
        control(Control.newBuilder().setGoodbye(Goodbye.getDefaultInstance()).build());
        if (sent) {
          out.flush(limit.toNanos());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // and close without waiting any longer
      }
    }
    close("was closed here");
  }

  /**
   * Closes at once: nothing more is sent or received.
   *
   * @param reason a clause that goes on from "the connection to …"
   */
  public void close(String reason) {
    close(reason, false);
  }

  /** Nothing more leaves. */
  void mute() {
    Outbox out = outbox;
    if (out != null) {
      out.close();
    }
  }

  /**
   * As {@link #close(String)}, by the wire's ticker, which does not wait for those who hear of it: users' code may be
   * among them. What runs at the peer may run on.
   */
  void giveUp(String reason) {
    close(reason, true, this::byAnotherThread);
  }

  private void byAnotherThread(Runnable telling) {
    try {
      surroundings.spawner().platform("places-lost", telling); // virtual ones may have no processor for long
    } catch (OutOfMemoryError e) { // so the JDK says that there is no thread
      telling.run();
    }
  }

  private void close(String reason, boolean mayStillRun) {
    close(reason, mayStillRun, Runnable::run);
  }

  private void close(String reason, boolean mayStillRun, Consumer<Runnable> by) {
    State before = state.getAndSet(State.OVER);
    if (before == State.OVER) {
      return;
    }
    cut();
    wire.forget(this, reason);
    if (before == State.OPEN) {
      Trace.connectionDown(remote(), reason);
      by.accept(() -> listener.closed(this, reason, mayStillRun));
    }
    authenticated.completeExceptionally(new ProtocolException(reason));
  }

  /** Whether nothing more goes or comes. */
  public boolean isOver() {
    return state.get() == State.OVER;
  }

  /** Whether it was closed because this process had no memory for what came. */
  public boolean wantsMemory() {
    return wantsMemory;
  }

  private void cut() {
    Transport.Pipe from = pipe;
    if (from != null) {
      from.close();
    }
    mute();
  }

  /** Completed when the handshake is done; fails if it does not come to that. */
  CompletableFuture<Connection> authenticated() {
    return authenticated;
  }

  /** Called by the wire's ticker, every second. */
  void beat() {
    if (outbox != null && !isOver()) {
      byte[] body = ByteBuffer.allocate(8).putLong(received).array();
      send(Outbox.CONTROL_LANE, FrameKind.HEARTBEAT, 0, body);
    }
  }

  /** Called by the wire's ticker. Answers in how many nanoseconds the next limit is over. */
  long checkTime(long now) {
    long left;
    if (lingersBecause != null) {
      left = lingersUntil - now;
      if (left < 0) {
        cut(); // closed() follows
      }
    } else if (state.get() == State.HANDSHAKE && !connector) { // who connects has a limit of its own
      Duration limit = wire.handshakeLimit();
      left = since + limit.toNanos() - now;
      if (left < 0) {
        close("did not finish its handshake within %d ms".formatted(limit.toMillis()));
      }
    } else {
      left = lastReceived + Wire.SILENCE_LIMIT.toNanos() - now;
      if (left < 0) {
        giveUp("was silent for over %d s".formatted(Wire.SILENCE_LIMIT.toSeconds()));
      }
    }
    return left < 0 ? Long.MAX_VALUE : left + 1;
  }

  @Override
  public void opened(Transport.Pipe opened) {
    pipe = opened;
    if (isOver()) {
      opened.close();
    } else if (connector) {
      write(handshake.opening());
    } else {
      wire.accepted(this);
    }
  }

  @Override
  public void received(ByteBuffer bytes) {
    if (isOver()) {
      return;
    }
    lastReceived = surroundings.clock().nanoTime();
    try {
      if (!handshake.isDone()) {
        handshake.receive(bytes, this::write);
        if (handshake.isDone()) {
          authenticatedNow();
        }
      }
      messagesInRead = 0;
      decoder.decode(bytes, frames);
    } catch (ProtocolException e) {
      tellAndClose(
          handshake.isDone()
              ? "was closed here because the peer broke the protocol: "
              : "was closed here: ", // a stranger, or of another version
          e.getMessage());
    } catch (RuntimeException | OutOfMemoryError e) {
      wantsMemory |= isOutOfMemory(e);
      LOG.error("closing the connection to {} because of an error of ours", remote(), e);
      tellAndClose("was closed because of an error on this side: ", e.toString());
    }
  }

  /** Or the thread that makes room for a large message had none. */
  private static boolean isOutOfMemory(@Nullable Throwable error) {
    return error != null
        && (error instanceof OutOfMemoryError || error.getCause() instanceof OutOfMemoryError);
  }

  /** An authenticated peer learns why; a stranger learns nothing. */
  private void tellAndClose(String what, @Nullable String why) {
    if (outbox == null) {
      close(what + why);
      return;
    }
    String cut = why == null ? "" : why.substring(0, Math.min(why.length(), MAX_REASON));
    control(Control.newBuilder().setGoodbye(Goodbye.newBuilder().setReason(cut)).build());
    if (state.compareAndSet(State.OPEN, State.OVER)
        || state.compareAndSet(State.HANDSHAKE, State.OVER)) {
      authenticated.completeExceptionally(new ProtocolException(what + why));
      lingersUntil = surroundings.clock().nanoTime() + LINGER.toNanos();
      lingersBecause = what + why;
    }
  }

  @Override
  public void closed(@Nullable Throwable cause) {
    uncharge(assembling); // the loop's last call
    assembling = 0;
    wantsMemory |= isOutOfMemory(cause);
    String lingered = lingersBecause;
    if (lingered != null) {
      lingersBecause = null;
      cut();
      wire.forget(this, lingered);
      Trace.connectionDown(remote(), lingered);
      listener.closed(this, lingered, false);
      return;
    }
    String detail = cause == null || cause.getMessage() == null ? "" : " (" + cause.getMessage() + ")";
    boolean cut = surroundings.clock().nanoTime() - heardThere > Wire.DEAF_LIMIT.toNanos();
    close(
        "was closed by the peer" + detail + (cut ? ", which had heard nothing from here for a while" : ""),
        cut); // in one direction: it has given this side up, and lives
  }

  private void write(byte[] bytes) {
    Transport.Pipe to = pipe;
    if (to != null && bytes.length > 0) {
      to.write(new ByteBuffer[] {ByteBuffer.wrap(bytes)}, failure -> {}); // a failure closes the pipe, and closed() is called
    }
  }

  private void authenticatedNow() {
    Transport.Pipe to = pipe;
    if (to == null) {
      throw new AssertionError("bytes came before the pipe was opened");
    }
    outbox =
        new Outbox(to, surroundings.clock(), wire::stoodStill, listener::spare);
    wire.authenticated(this);
    if (state.compareAndSet(State.HANDSHAKE, State.OPEN)) {
      Trace.connectionUp(to.remote(), connector);
      listener.opened(this);
      authenticated.complete(this);
    }
  }

  private void frameCame(FrameHeader header, ByteBuffer body) {
    if (isOver()) {
      return;
    }
    if (header.sequence() != received + 1) {
      throw new ProtocolException(
          "frame %d came after frame %d".formatted(header.sequence(), received));
    }
    received = header.sequence();
    if (isWhole(header)) {
      messagesInRead++;
      Outbox out = outbox;
      if (out != null) { // between the frames of a large message it came alone as well
        out.heard(messagesInRead == 1 && (!decoder.moreFollows() || !assemblies.isEmpty()));
      }
    }
    switch (header.kind()) {
      case CONTROL -> controlCame(body);
      case DATA -> dataCame(header, body);
      case CREDIT -> {
        long messages = Integer.toUnsignedLong(body.getInt());
        long bytes = body.getLong();
        if (bytes < 0 || bytes > BUDGET || messages > BUDGET / OVERHEAD) {
          throw new ProtocolException(
              "a credit of %d messages and %d bytes on channel %d; more than %d messages and %d bytes never wait on a connection"
                  .formatted(messages, bytes, header.channel(), BUDGET / OVERHEAD, BUDGET));
        }
        listener.credit(this, header.channel(), messages, bytes);
      }
      case HEARTBEAT -> {
        long got = body.getLong();
        if (got > gotThere) {
          gotThere = got;
          heardThere = lastReceived;
        }
      }
    }
  }

  /** Whether a message came with this frame, and not one of its fragments. */
  private static boolean isWhole(FrameHeader header) {
    int both = FrameHeader.FIRST | FrameHeader.LAST;
    return header.kind() == FrameKind.CONTROL
        || (header.kind() == FrameKind.DATA && (header.flags() & both) == both);
  }

  private void controlCame(ByteBuffer body) {
    CodedInputStream in = CodedInputStream.newInstance(body);
    in.setRecursionLimit(RECURSION_LIMIT);
    Control message;
    try {
      message = Control.parseFrom(in);
    } catch (IOException e) {
      throw new ProtocolException("a control frame that cannot be read: " + e.getMessage(), e);
    }
    if (message.getBodyCase() == Control.BodyCase.GOODBYE) {
      String reason = message.getGoodbye().getReason();
      close(
          "was closed by the peer"
              + (reason.isEmpty() ? " on purpose" : ": " + PeerText.escape(reason)));
    } else {
      listener.control(this, message);
    }
  }

  private void dataCame(FrameHeader header, ByteBuffer body) {
    boolean first = (header.flags() & FrameHeader.FIRST) != 0;
    boolean last = (header.flags() & FrameHeader.LAST) != 0;
    Assembly assembly = assemblies.get(header.channel());
    if (first == (assembly != null)) {
      throw new ProtocolException(
          first
              ? "a message begins inside another on channel " + header.channel()
              : "a fragment without a beginning on channel " + header.channel());
    }
    int marks = header.flags() & (QUESTION | ANSWER);
    if (marks == (QUESTION | ANSWER) || (marks != 0 && !first)) {
      throw new ProtocolException(
          "a fragment with flags 0x%02x on channel %d".formatted(header.flags(), header.channel()));
    }
    if (first && last) {
      chargeAssembling(body.remaining());
      byte[] message = new byte[body.remaining()];
      body.get(message);
      assembling -= cost(message.length); // the listener's now
      listener.data(this, header.channel(), marks, message, message.length);
      return;
    }
    if (assembly == null) {
      int total = Assembly.total(header.channel(), body, largestMessage + Long.BYTES);
      chargeAssembling(total);
      assembly =
          new Assembly(
              header.channel(), marks, total, listener.spare(total), surroundings.spawner());
      assemblies.put(header.channel(), assembly);
    }
    assembly.add(body);
    if (last) {
      assemblies.remove(header.channel());
      byte[] whole = assembly.whole();
      assembling -= cost(assembly.size()); // the listener's now
      listener.data(this, header.channel(), assembly.marks(), whole, assembly.size());
    }
  }

  /** Until the listener has the message, whatever happens before. */
  private void chargeAssembling(int size) {
    charge(size);
    assembling += cost(size);
  }
}
