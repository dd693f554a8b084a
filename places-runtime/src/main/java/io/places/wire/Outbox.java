package io.places.wire;

import io.places.Clock;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/*
 * What is still to be sent on one connection.
 *
 * Order: within a lane first come, first served; lane 0 goes before all others; the others take turns,
 * one frame each, so that a message of 64 MiB holds nobody up for longer than its frame. Every channel
 * has its lane; what belongs together in order (the messages and the output of a place, and the news of
 * its end) shares one.
 *
 * Who writes: nobody waits for anybody. A thread that sends while a write is under way leaves its message
 * in the queue; the writer takes all that has gathered as its next batch. Who becomes the writer when
 * there is none is a question of cost (ADR 7). A thread that answers the only message that came may hold one
 * half of a conversation: it writes itself, because a hand-over costs more than the write. So does one that
 * has a whole batch, and the one that sends heartbeats, after which comes nothing. Any other is likely to be
 * followed by more, its own or other threads': the event loop becomes the writer, and while that gets there
 * the next messages gather.
 *
 * A writer writes one batch. What follows is the event loop's, which reads in between: otherwise an answer
 * that is there would lie unread as long as the peer takes all that a large message has. What the system
 * does not take at once goes through the pipe, and the event loop goes on when that has left.
 *
 * `writing` is the right to take from the lanes and call the pipe; exactly one thread has it, so batches
 * leave in order. Nothing is ever written from a completion: see VertxTransport.
 *
 * The lanes themselves have no bound: data enters only with a channel's credit.
 */
final class Outbox implements AutoCloseable {
  static final long CONTROL_LANE = 0;

  /** One system call's worth: larger writes are no faster, and delay what comes behind them. */
  private static final int BATCH_BYTES = 64 << 10;

  /** Bytes given to the pipe and not yet confirmed: what is sent meanwhile waits behind them. */
  private static final int MAX_UNDER_WAY = BATCH_BYTES;

  /** Bytes from which on a body is not worth a copy. */
  private static final int LONG_BODY = 8 << 10;

  /** The length of the whole message, at the head of the first of several frames. */
  private static final int TOTAL_SIZE = 4;

  /** The number of a question, at the head of it and of its answer. */
  private static final int NUMBER_SIZE = Long.BYTES;

  private final Transport.Pipe pipe;
  private final Clock clock;
  private final BooleanSupplier stoodStill;
  private final Consumer<byte[]> spares;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition gone = lock.newCondition(); // nothing is under way
  private final ArrayDeque<Outgoing> control = new ArrayDeque<>();
  private final Map<Long, Lane> lanes = new HashMap<>(); // with something in them
  private final ArrayDeque<Lane> turns = new ArrayDeque<>(); // the same
  private Lane latest = new Lane(CONTROL_LANE); // the last one that something was sent in
  private long sequence; // owned by whoever has the right to write
  private long queued; // bytes of bodies
  private int underWay;
  private boolean writing;
  private volatile boolean conversation; // a single message came, and nothing was sent since
  private boolean begun; // nothing may overtake the handshake, whose bytes are the pipe's to write
  private boolean closed;

  /** A message on its way out, and how much of it has left. */
  private static final class Outgoing {
    final FrameKind kind;
    final long channel;
    final int marks; // flags of the first frame besides FIRST and LAST
    final long number; // goes ahead of the content, if there are marks
    final byte[] bytes;
    final int offset;
    final int size; // with the number
    int sent; // likewise

    Outgoing(
        FrameKind kind, long channel, int marks, long number, byte[] bytes, int offset, int size) {
      this.kind = kind;
      this.channel = channel;
      this.marks = marks;
      this.number = number;
      this.bytes = bytes;
      this.offset = offset;
      this.size = size + (marks == 0 ? 0 : NUMBER_SIZE);
    }

    int numberSize() {
      return marks == 0 ? 0 : NUMBER_SIZE;
    }
  }

  /** Messages that leave in their order. */
  private static final class Lane {
    final long number;
    final ArrayDeque<Outgoing> messages = new ArrayDeque<>();

    Lane(long number) {
      this.number = number;
    }
  }

  /** Some bytes of a message, number included, from where {@code sent} was. */
  private record Frame(Outgoing message, int flags, int from, int count) {
    boolean announcesTotal() {
      return message.kind == FrameKind.DATA
          && (flags & (FrameHeader.FIRST | FrameHeader.LAST)) == FrameHeader.FIRST;
    }

    boolean isLong() {
      return contentSize() >= LONG_BODY;
    }

    boolean hasNumber() {
      return from == 0 && message.marks != 0;
    }

    /** Where in the array what follows the number is. */
    int contentOffset() {
      return message.offset + Math.max(0, from - message.numberSize());
    }

    int contentSize() {
      return count - (hasNumber() ? NUMBER_SIZE : 0);
    }

    boolean isLast() {
      return from + count == message.size;
    }

    int bodySize() {
      return count + (announcesTotal() ? TOTAL_SIZE : 0);
    }
  }

  /**
   * @param stoodStill asked before each write: whether it is not the time to say anything
   * @param spares given the array of each message of several frames that has left
   */
  Outbox(
      Transport.Pipe pipe, Clock clock, BooleanSupplier stoodStill, Consumer<byte[]> spares) {
    this.pipe = pipe;
    this.clock = clock;
    this.stoodStill = stoodStill;
    this.spares = spares;
  }

  /** Queues a data message and, if the pipe is idle, writes it. Never waits for the peer. */
  void send(
      long lane, long channel, int marks, long number, byte[] bytes, int offset, int size) {
    send(lane, new Outgoing(FrameKind.DATA, channel, marks, number, bytes, offset, size));
  }

  /** As {@link #send(long, long, int, long, byte[], int, int)}, a message of another kind. */
  void send(long lane, FrameKind kind, long channel, byte[] body) {
    send(lane, new Outgoing(kind, channel, 0, 0, body, 0, body.length));
  }

  private void send(long lane, Outgoing message) {
    boolean here;
    lock.lock();
    try {
      if (closed) {
        return; // the connection's end is told to the channels, not to each sender
      }
      if (lane == CONTROL_LANE) {
        control.add(message);
      } else {
        lane(lane).messages.add(message);
      }
      queued += message.size;
      if (writing || underWay > 0) {
        return;
      }
      writing = true;
      here = conversation || queued >= BATCH_BYTES || message.kind == FrameKind.HEARTBEAT;
      conversation = false;
    } finally {
      lock.unlock();
    }
    if (here) {
      writeBatch();
    } else {
      pipe.soon(this::writeBatch);
    }
  }

  /** One that has its turn as soon as there is something in it. */
  private Lane lane(long number) {
    Lane lane = latest;
    if (lane.number != number) {
      Lane waiting = lanes.get(number);
      lane = waiting == null ? new Lane(number) : waiting;
      latest = lane;
    }
    if (lane.messages.isEmpty()) {
      lanes.put(number, lane);
      turns.add(lane);
    }
    return lane;
  }

  /**
   * Waits until everything queued has left this process.
   *
   * @return false if it has not within {@code nanos}
   */
  boolean flush(long nanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      while (!closed && (underWay > 0 || hasQueued())) {
        if (left <= 0) {
          return false;
        }
        left = clock.await(gone, left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Bytes of messages that were not given to the pipe yet, by their channels; 0 has all the rest. */
  Map<Long, Long> unsent() {
    lock.lock();
    try {
      Map<Long, Long> unsent = new HashMap<>();
      addUnsent(control, unsent);
      lanes.values().forEach(lane -> addUnsent(lane.messages, unsent));
      return unsent;
    } finally {
      lock.unlock();
    }
  }

  private static void addUnsent(ArrayDeque<Outgoing> lane, Map<Long, Long> unsent) {
    for (Outgoing message : lane) {
      unsent.merge(message.channel, (long) message.size - message.sent, Long::sum);
    }
  }

  /** Bytes that were given to the pipe, and are not known to have left. */
  int underWay() {
    lock.lock();
    try {
      return underWay;
    } finally {
      lock.unlock();
    }
  }

  /** Drops what has not left. */
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      control.clear();
      lanes.clear();
      turns.clear();
      gone.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Called with the right to write; gives it up, or passes it on to the event loop, which reads before it
   * goes on writing.
   */
  @SuppressWarnings("ThreadPriorityCheck") // a hint, nothing relies on it
  private void writeBatch() {
    Batch batch = nextBatch();
    if (batch == null) {
      return;
    }
    int size = batch.size;
    if (batch.alone) {
      pipe.writeNow(batch.pieces);
    }
    boolean left = batch.hasLeft();
    if (left) {
      batch.done.forEach(spares);
    } else {
      pipe.write(batch.pieces, failure -> written(batch, failure == null));
    }
    if (size >= BATCH_BYTES) {
      Thread.yield(); // who waits for a processor may have little to do, and this thread has much
    }
    if (goesOn(left ? size : 0)) {
      pipe.soon(this::writeBatch);
    }
  }

  /** Whether there is more to write now; gives up the right to write if not. */
  private boolean goesOn(int written) {
    lock.lock();
    try {
      underWay -= written;
      writing = mayWrite();
      signalIfGone();
      return writing;
    } finally {
      lock.unlock();
    }
  }

  /** A failed write needs no care here: the pipe closes, and its receiver is told. */
  private void written(Batch batch, boolean left) {
    if (left) {
      batch.done.forEach(spares);
    }
    lock.lock();
    try {
      underWay -= batch.size;
      signalIfGone();
      if (writing || !mayWrite()) {
        return;
      }
      writing = true;
    } finally {
      lock.unlock();
    }
    pipe.soon(this::writeBatch);
  }

  private boolean mayWrite() {
    return !closed && hasQueued() && underWay < MAX_UNDER_WAY && !stoodStill.getAsBoolean();
  }

  private void signalIfGone() {
    if (underWay == 0 && !hasQueued()) {
      gone.signalAll();
    }
  }

  /**
   * A message came from the peer.
   *
   * @param alone whether no other came together with it
   */
  void heard(boolean alone) {
    conversation = alone;
  }

  private @Nullable Batch nextBatch() {
    List<Frame> frames = new ArrayList<>();
    int size = 0;
    boolean alone;
    lock.lock();
    try {
      if (!mayWrite()) {
        writing = false;
        return null;
      }
      while (size < BATCH_BYTES && hasQueued()) {
        Frame frame = nextFrame();
        frames.add(frame);
        size += FrameHeader.SIZE + frame.bodySize();
      }
      alone = begun && underWay == 0;
      begun = true;
      underWay += size;
    } finally {
      lock.unlock();
    }
    return encode(frames, size, alone); // without the lock: senders go on meanwhile
  }

  private boolean hasQueued() {
    return !control.isEmpty() || !turns.isEmpty();
  }

  private Frame nextFrame() {
    Outgoing urgent = control.poll();
    if (urgent != null) {
      queued -= urgent.size;
      return new Frame(urgent, 0, 0, urgent.size);
    }
    Lane lane = turns.remove();
    Outgoing message = lane.messages.element();
    Frame frame = cut(message);
    message.sent += frame.count();
    queued -= frame.count();
    if (message.sent == message.size) {
      lane.messages.remove();
    }
    if (lane.messages.isEmpty()) {
      lanes.remove(lane.number);
    } else {
      turns.add(lane);
    }
    return frame;
  }

  private static Frame cut(Outgoing message) {
    if (message.kind != FrameKind.DATA) {
      return new Frame(message, 0, 0, message.size);
    }
    int left = message.size - message.sent;
    boolean first = message.sent == 0;
    if (left <= FrameKind.MAX_BODY) {
      int flags = (first ? FrameHeader.FIRST | message.marks : 0) | FrameHeader.LAST;
      return new Frame(message, flags, message.sent, left);
    }
    return first
        ? new Frame(
            message, FrameHeader.FIRST | message.marks, 0, FrameKind.MAX_BODY - TOTAL_SIZE)
        : new Frame(message, 0, message.sent, FrameKind.MAX_BODY);
  }

  /** Short bodies are copied between the headers, long ones are pieces of their own. */
  private Batch encode(List<Frame> frames, int size, boolean alone) {
    int copied = 0;
    for (Frame frame : frames) {
      copied += FrameHeader.SIZE + frame.bodySize() - (frame.isLong() ? frame.contentSize() : 0);
    }
    List<ByteBuffer> pieces = new ArrayList<>();
    List<byte[]> done = List.of();
    ByteBuffer out = ByteBuffer.allocate(copied);
    for (Frame frame : frames) {
      Outgoing message = frame.message();
      new FrameHeader(
              frame.bodySize(), message.kind, frame.flags(), message.channel, ++sequence)
          .write(out);
      if (frame.announcesTotal()) {
        out.putInt(message.size);
      }
      if (frame.hasNumber()) {
        out.putLong(message.number);
      }
      if (frame.isLong()) {
        pieces.add(out.slice(0, out.position()));
        out = out.slice();
        pieces.add(ByteBuffer.wrap(message.bytes, frame.contentOffset(), frame.contentSize()));
      } else {
        out.put(message.bytes, frame.contentOffset(), frame.contentSize());
      }
      if (frame.from() > 0 && frame.isLast()) {
        done = with(done, message.bytes);
      }
    }
    pieces.add(out.flip());
    return new Batch(pieces, size, alone, done);
  }

  private static List<byte[]> with(List<byte[]> others, byte[] one) {
    List<byte[]> all = others.isEmpty() ? new ArrayList<>(1) : others;
    all.add(one);
    return all;
  }

  /** Frames that leave together. */
  private static final class Batch {
    final ByteBuffer[] pieces;
    final int size;
    final boolean alone; // nothing that was written before is still under way
    final List<byte[]> done; // of messages whose last frames these are

    Batch(List<ByteBuffer> pieces, int size, boolean alone, List<byte[]> done) {
      this.pieces = pieces.toArray(ByteBuffer[]::new);
      this.size = size;
      this.alone = alone;
      this.done = done;
    }

    boolean hasLeft() {
      for (ByteBuffer piece : pieces) {
        if (piece.hasRemaining()) {
          return false;
        }
      }
      return true;
    }
  }
}
