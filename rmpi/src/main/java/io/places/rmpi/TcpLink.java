package io.places.rmpi;

import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * The thread that waits reads the socket itself, so nothing lies between the wire and the posted array but one
 * copy.
 *
 * A system call costs as much as some fifty small messages. So the first message after a wait goes at once,
 * and those that follow gather until there is a good piece of them, or the rank waits; LateFlush sends what is
 * left of a rank that does neither. A long message goes in pieces, each when all before it has gone: short
 * messages overtake the rest of it, and nothing gathers without bound.
 *
 * The end of the socket tells that the peer is dead only if the channel says nothing.
 */
/** The way to a rank over a connection of its own. */
final class TcpLink extends PolledLink {
  private static final int LENGTH = 0;
  private static final int KIND = 4;
  private static final int TICKET = 8;
  private static final int CONTEXT = 12;
  private static final int SOURCE = 16;
  private static final int TAG = 20;
  private static final int COUNT = 24;
  private static final int TYPE = 28;
  private static final int NUMBER = 32;
  private static final int OPERATION = 40;
  private static final int CALL_TYPE = 44;
  private static final int ROOT = 48;
  private static final int CALL_COUNT = 52;
  private static final int BYTES = 56;
  private static final int HEAD = 64;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED;

  /** Of a long message at a time; several fit into what is read at once. */
  private static final int PIECE = 128 << 10;

  /** A whole number of elements, of whichever type. */
  private static final int WORD = 8;

  /** What gathers at most. */
  private static final int GATHER = 16 << 10;

  /** Pieces of long messages that are sent in one go: then the others get their turn. */
  private static final int PIECES = 8;

  /** What the channel has to tell why the socket has ended, before that is a loss by itself. */
  private static final Duration GRACE = Duration.ofMillis(500);

  private final TcpStream stream;
  private final SelectionKey key;
  private final LateFlush lateFlush;

  private final Map<String, Integer> names = new HashMap<>(); // guarded by the lock; as the peer knows them
  private volatile boolean gathers; // something was sent since the last wait

  private final List<String> peersNames = new ArrayList<>(List.of("")); // by the thread that polls
  private int partTicket; // likewise; of the piece that is coming
  private long partFirst; // likewise; of the bytes of its message that come next
  private int partLeft; // likewise; bytes of it that have not come
  private boolean isInterrupted; // likewise; something could not be dealt with, and more has come behind it
  private volatile boolean broken; // nothing more comes over the socket

  /**
   * @param key of the socket, with what the rank's threads sleep on
   */
  TcpLink(
      World world,
      int peer,
      PlaceChannel<Frame, Frame> channel,
      TcpStream stream,
      SelectionKey key,
      LateFlush lateFlush) {
    super(world, peer, channel);
    this.stream = stream;
    this.key = key;
    this.lateFlush = lateFlush;
    names.put("", 0);
  }

  /** Ends what is read and written, too. */
  @Override
  void lostForGood() {
    closeSocket();
  }

  // Sending

  @Override
  public void send(
      Envelope envelope, Payload payload, boolean synchronous, Request<Status> request) {
    Slice body = body(payload);
    Supplier<? extends PlacesException> hopeless;
    boolean done = false;
    lock();
    try {
      hopeless = hopeless();
      if (hopeless == null) {
        try {
          done = put(new Sending(envelope, body, synchronous, request));
          countSent();
        } finally {
          written(); // also the names of what cannot be written
        }
      }
    } finally {
      unlock();
    }
    if (done) {
      Status status = envelope.status();
      request.complete(status, status);
    } else if (hopeless != null) {
      request.fail(hopeless);
    }
  }

  /** Writes a message; whether it is done with that. */
  private boolean put(Sending message) {
    Envelope envelope = message.envelope();
    Slice body = message.body();
    int type = name(envelope.type());
    CollectiveCall call = envelope.call();
    int operation = call == null ? 0 : name(call.operation());
    int callType = call == null ? 0 : name(call.type());
    boolean whole = isWithinRoom(body.bytes());
    boolean later = message.synchronous() || !whole;
    int length = whole ? (int) body.bytes() : 0;
    long at = begin(whole ? Kind.WHOLE : Kind.OFFER, length, 0);
    MemorySegment room = stream.room();
    if (whole) {
      body.write(0, length / body.type().size(), room, at + HEAD); // before anything is booked: its memory may be free
    }
    if (later) {
      room.set(INT, at + TICKET, ticket(message)); // from here on nothing can fail
    }
    if (whole) {
      isAhead(length);
    }
    room.set(INT, at + CONTEXT, envelope.context());
    room.set(INT, at + SOURCE, envelope.source());
    room.set(INT, at + TAG, envelope.tag());
    room.set(INT, at + COUNT, (int) envelope.count()); // of what is longer the bytes tell
    room.set(INT, at + TYPE, type);
    room.set(INT, at + OPERATION, operation);
    room.set(LONG, at + BYTES, body.bytes());
    if (call != null) {
      room.set(LONG, at + NUMBER, call.number());
      room.set(INT, at + CALL_TYPE, callType);
      room.set(INT, at + ROOT, call.root());
      room.set(INT, at + CALL_COUNT, call.count());
    }
    stream.write(HEAD + length);
    return !later;
  }

  /** Where a frame is to be written. */
  private long begin(Kind kind, int length, int ticket) {
    long at = stream.roomFor(HEAD + length);
    MemorySegment room = stream.room();
    room.set(INT, at + LENGTH, length);
    room.set(INT, at + KIND, kind.code);
    room.set(INT, at + TICKET, ticket);
    return at;
  }

  private int name(String of) {
    Integer known = names.get(of);
    if (known != null) {
      return known;
    }
    byte[] bytes = of.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > PIECE) {
      throw new RmpiException(
          "the name of a type has %d bytes; %d is the most".formatted(bytes.length, PIECE));
    }
    long at = begin(Kind.NAME, bytes.length, 0);
    int number = names.size();
    names.put(of, number); // before it is said: if that failed it would be said again, with another number
    MemorySegment.copy(bytes, 0, stream.room(), ValueLayout.JAVA_BYTE, at + HEAD, bytes.length);
    stream.write(HEAD + bytes.length);
    countSent();
    return number;
  }

  /** Something is written: it goes now, or with what follows. */
  private void written() {
    if (!gathers || stream.unsent() >= GATHER) {
      gathers = true;
      if (flush() && transfers.isEmpty()) {
        return;
      }
      isPending = true;
      lateFlush.want();
      world.progress().wake(); // who sleeps has to see that it can be written
    } else if (!isPending || !transfers.isEmpty()) { // nobody wants what gathers behind pieces of long messages
      isPending = true;
      lateFlush.want();
    }
  }

  /** Sends what the system takes; whether that is all. Of a broken link nothing is left to be sent. */
  private boolean flush() {
    try {
      return broken || stream.flush();
    } catch (IOException e) {
      broken(e);
      return true;
    }
  }

  /** What has gathered goes; later, if somebody does something with it just now: it may be the last for long. */
  void flushLate() {
    if (isPending) {
      if (!out.tryLock()) {
        lateFlush.want();
        return;
      }
      try {
        if (!flush()) {
          lateFlush.want();
        } else if (transfers.isEmpty()) {
          isPending = false;
        }
      } finally {
        unlock();
      }
    }
  }

  @Override
  void reply(Kind kind, int ticket, long number) {
    lock();
    try {
      if (failed == null && !ended) {
        long at = begin(kind, 0, ticket);
        stream.room().set(LONG, at + NUMBER, number);
        countSent(); // behind what may fail, and before it can have come
        stream.write(HEAD);
        if (kind == Kind.ROOM) {
          isPending = true;
          lateFlush.want(); // nobody waits for that yet
        } else {
          gathers = false;
          written();
        }
      }
    } finally {
      unlock();
    }
  }

  /** Sends what has gathered and what is wanted, as far as it goes. */
  private boolean pump() {
    boolean some = false;
    var over = new Over();
    lock();
    try {
      int before = stream.unsent();
      boolean all = flush();
      some = stream.unsent() < before;
      for (int pieces = 0; all && !broken && !transfers.isEmpty() && pieces < PIECES; pieces++) {
        putPiece(over);
        all = flush();
        some = true;
      }
      isPending = !all || !transfers.isEmpty();
    } finally {
      unlock();
      over.tell();
    }
    return some;
  }

  @Override
  void put(Transfer transfer) {
    Slice body = transfer.message.body();
    int size = body.type().size();
    int number = (int) Math.min(PIECE / size, body.elements() - transfer.at);
    long at = begin(Kind.PART, number * size, transfer.ticket);
    stream.room().set(LONG, at + NUMBER, transfer.at * size);
    body.write(transfer.at, number, stream.room(), at + HEAD);
    stream.write(HEAD + number * size);
    if (transfer.at > 0) {
      countSent(); // the first is counted already
    }
    transfer.at += number;
  }

  @Override
  public void sendEnd() {
    reply(Kind.END, 0, 0);
    lock();
    try {
      isPending = true;
    } finally {
      unlock();
    }
  }

  @Override
  public void awaitEnd() {
    try {
      world.progress().await(() -> !isPending || ended || broken || world.hasFailed());
      channel.put(new Frame.End());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (PlacesException e) {
      cannotPut(e);
    }
  }

  /*
   * To close a socket to which the peer still sends would take from the peer what it has not read yet. So this
   * side says that no more comes, and reads on, for nobody, until the peer has said so, too.
   */
  @Override
  public void over() {
    super.over();
    lateFlush.end();
    if (world.hasFailed()) {
      closeSocket();
    } else {
      world.spawner().virtual("rmpi-lingers-" + peer, this::linger);
    }
  }

  private void linger() {
    try (SocketChannel socket = stream.socket()) {
      socket.configureBlocking(true);
      socket.shutdownOutput();
      ByteBuffer nobodys = ByteBuffer.allocate(HEAD);
      while (socket.read(nobodys.clear()) >= 0) {}
    } catch (IOException e) {
      // It is over, too.
    }
  }

  private void closeSocket() {
    try {
      stream.socket().close();
    } catch (IOException e) {
      // There is nothing left of it either way.
    }
  }

  @Override
  public boolean isOnThisHost() {
    return stream.isWithinHost();
  }

  // Receiving

  @Override
  public boolean poll() {
    if (gathers) {
      gathers = false;
    }
    boolean some = false;
    try {
      if (isInterrupted) {
        some = true;
        frames();
      }
      if (!broken && stream.receive()) {
        some = true;
        frames();
      }
    } catch (IOException e) {
      broken(e);
    }
    return (isPending && pump()) || some;
  }

  private void broken(IOException why) {
    if (broken) {
      return;
    }
    broken = true;
    key.cancel();
    if (!ended) {
      world
          .spawner()
          .virtual(
              "rmpi-broken-" + peer,
              () -> {
                world.clock().park(this, GRACE.toNanos());
                if (!ended && !world.hasFailed()) {
                  lost(new RmpiException("its connection has ended: " + why.getMessage(), why));
                  if (!world.hasFailed()) { // it leaves, and what it has said last is lost
                    world.peerEnded(peer);
                    fail(world.endedSend(peer));
                  }
                }
              });
    }
  }

  /*
   * What cannot be dealt with, such as for want of memory, is told to the thread that looks, and comes no second time, but
   * for a name. What has come behind it is not lost.
   */
  private void frames() {
    MemorySegment came = stream.came();
    int needed = HEAD;
    isInterrupted = true;
    try {
      while (true) {
        if (partLeft > 0) {
          if (!somePart(came)) {
            needed = WORD;
            break;
          }
        } else if (stream.available() >= HEAD) {
          int at = stream.at();
          int length = came.get(INT, at + LENGTH);
          if (length < 0 || length > PIECE) {
            throw new RmpiException(
                "rank %d sends a frame of %d bytes; %d is the most".formatted(peer, length, PIECE));
          }
          Kind kind = Kind.of(came.get(INT, at + KIND));
          needed = HEAD + (kind == Kind.PART ? 0 : length);
          if (stream.available() < needed) {
            break;
          }
          if (kind == Kind.NAME) {
            name(came, at, length); // first: if that fails it comes again, or all names behind it would be wrong
          }
          stream.skip(needed);
          needed = HEAD;
          frame(kind, came, at, length);
        } else {
          break;
        }
      }
      isInterrupted = false;
    } finally {
      stream.makeRoom(needed);
    }
  }

  /*
   * A piece is not waited for until it is whole: what has come of it is copied while it is near the processor, and
   * the room for what comes next is that of before.
   */
  /** Takes what has come of a piece; false if that is nothing. */
  private boolean somePart(MemorySegment came) {
    int some = Math.min(stream.available(), partLeft);
    if (some < partLeft) {
      some -= some % WORD; // whole elements
    }
    if (some == 0) {
      return false;
    }
    int at = stream.at();
    long first = partFirst;
    stream.skip(some);
    partFirst += some;
    partLeft -= some;
    try {
      partCame(partTicket, came, at, some, first);
    } finally {
      countIfWhole();
    }
    return true;
  }

  /** A piece counts when all of it has come. */
  private void countIfWhole() {
    if (partLeft == 0) {
      countCome();
    }
  }

  private void frame(Kind kind, MemorySegment came, int at, int length) {
    try {
      deal(kind, came, at, length);
    } finally {
      countIfWhole();
    }
  }

  private void deal(Kind kind, MemorySegment came, int at, int length) {
    int ticket = came.get(INT, at + TICKET);
    switch (kind) {
      case WHOLE ->
          world.engine().deliver(new Whole(envelope(came, at, came.get(INT, at + COUNT)), ticket, came, at + HEAD, length));
      case OFFER -> {
        long bytes = came.get(LONG, at + BYTES);
        long count = ElementType.count(peersNames.get(came.get(INT, at + TYPE)), bytes);
        world.engine().deliver(new Offered(envelope(came, at, count), ticket, bytes, null));
      }
      case PART -> {
        partTicket = ticket;
        partFirst = came.get(LONG, at + NUMBER);
        partLeft = length;
        if (length == 0) {
          partCame(ticket, came, at + HEAD, 0, partFirst);
        }
      }
      case NAME -> {} // is dealt with
      default -> answerCame(kind, ticket, came.get(LONG, at + NUMBER));
    }
  }

  private void name(MemorySegment came, int at, int length) {
    byte[] name = new byte[length];
    MemorySegment.copy(came, ValueLayout.JAVA_BYTE, at + HEAD, name, 0, length);
    peersNames.add(new String(name, StandardCharsets.UTF_8).intern()); // quicker to compare
  }

  private Envelope envelope(MemorySegment came, int at, long count) {
    int operation = came.get(INT, at + OPERATION);
    CollectiveCall call =
        operation == 0
            ? null
            : new CollectiveCall(
                came.get(LONG, at + NUMBER),
                peersNames.get(operation),
                came.get(INT, at + ROOT),
                peersNames.get(came.get(INT, at + CALL_TYPE)),
                came.get(INT, at + CALL_COUNT));
    return new Envelope(
        came.get(INT, at + CONTEXT),
        came.get(INT, at + SOURCE),
        came.get(INT, at + TAG),
        peersNames.get(came.get(INT, at + TYPE)),
        count,
        call);
  }

  @Override
  public void announceSleep(int how) {
    try {
      key.interestOps(
          isPending ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    } catch (CancelledKeyException e) {
      // The socket has ended, perhaps just now: nothing of it ends a sleep.
    }
  }

  @Override
  public void announceAwake() {}
}
