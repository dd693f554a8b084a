package io.places.rmpi;

import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * What is said is the same as over a channel (Frame), in frames with a head of fixed size; names of types and
 * operations are told once and then go as numbers. A message of at most 64 KiB goes whole as long as not too much
 * is unmatched at the receiver; anything else is offered and, when wanted, comes in pieces, straight into the posted
 * array.
 *
 * The place channel of the two ranks stays: over it a failure is told at once, and its end tells that the peer
 * is dead.
 */
/** A link over which the rank's own threads send and receive: by memory of the host, or by a connection. */
abstract sealed class PolledLink implements RemoteLink, Polled permits MemoryLink, TcpLink {
  /** Told to the sender at a quarter of what it may be ahead, so that it need not wait. */
  static final long ROOM_AT = EAGER_BYTES / 4;

  /** What a frame says; the same as the {@link Frame}s, and what is about slots of memory. */
  enum Kind {
    WHOLE(1),
    OFFER(2),
    WANTED(3),
    MATCHED(4),
    DROPPED(5),
    PART(6),
    ROOM(7),
    END(8),
    /** A text that frames name by its number. */
    NAME(9),
    NEED_SHORT(10),
    NEED_LONG(11),
    SLOTS(12),
    /** A file out of which messages come. */
    REGION(13),
    /** An offer that lies in a region. */
    SHARED(14),
    /** Nothing more comes out of that file. */
    REGION_GONE(15);

    private static final @Nullable Kind[] BY_CODE = new @Nullable Kind[REGION_GONE.code + 1];

    static {
      for (Kind kind : values()) {
        BY_CODE[kind.code] = kind;
      }
    }

    final byte code;

    Kind(int code) {
      this.code = (byte) code;
    }

    /**
     * @throws RmpiException if there is none: the two ranks do not run the same code
     */
    static Kind of(int code) {
      Kind kind = code > 0 && code < BY_CODE.length ? BY_CODE[code] : null;
      if (kind == null) {
        throw new RmpiException("a rank sends a frame of kind %d; they are 1 to %d".formatted(code, REGION_GONE.code));
      }
      return kind;
    }
  }

  /** A message on its way out. */
  record Sending(Envelope envelope, Slice body, boolean synchronous, Request<Status> request) {
    void done() {
      Status status = envelope.status();
      request.complete(status, status);
    }
  }

  /** A long message that is wanted. */
  static final class Transfer {
    final int ticket;
    final Sending message;
    long at; // elements sent

    Transfer(int ticket, Sending message) {
      this.ticket = ticket;
      this.message = message;
    }

    boolean isDone() {
      return at == message.body().elements();
    }
  }

  final World world;
  final int peer;
  final PlaceChannel<Frame, Frame> channel;

  final ShortLock out = new ShortLock();
  final ArrayDeque<Transfer> transfers = new ArrayDeque<>(); // guarded by out
  private final Map<Integer, Sending> offered = new HashMap<>(); // likewise; and what waits to be matched
  private int tickets; // likewise
  long ahead; // likewise; bytes sent whole and unmatched
  @Nullable Supplier<? extends PlacesException> failed; // likewise
  volatile boolean isPending; // something is to be sent

  private final Map<Integer, Offered> coming = new ConcurrentHashMap<>();
  private final AtomicLong matched = new AtomicLong(); // bytes matched here and not told
  private final AtomicLong framesSent = new AtomicLong(); // or to be sent; changed under out
  private final AtomicLong framesCome = new AtomicLong(); // by the thread that polls
  volatile boolean ended; // by its last frame
  volatile boolean leaves; // by the channel: its end is no loss

  PolledLink(World world, int peer, PlaceChannel<Frame, Frame> channel) {
    this.world = world;
    this.peer = peer;
    this.channel = channel;
  }

  @Override
  public final void start() {
    world.spawner().virtual("rmpi-from-" + peer, this::listen);
  }

  /** To what comes over the channel. */
  private void listen() {
    try {
      for (Frame frame : channel.messages()) {
        switch (frame) {
          case Frame.Wake() -> world.progress().wake();
          case Frame.End() -> leaves = true;
          case Frame.Failed(Failure failure) -> world.failedElsewhere(failure);
          default -> throw new RmpiException("rank %d sends %s over the channel".formatted(peer, frame));
        }
      }
      lost(null);
    } catch (PlacesException e) {
      lost(e);
    }
  }

  /** By the calling thread: the channel is closed when the rank's place has failed. */
  @Override
  public final void sendFailure(Failure failure) {
    RemoteLink.tell(channel, failure);
  }

  /** This rank leaves, too: what the channel, which ends with its place, says from now on is no loss. */
  @Override
  public void over() {
    leaves = true;
  }

  /** The channel does not take it. If that is over, who listens to it says why. */
  final void cannotPut(PlacesException why) {
    if (!RemoteLink.isOver(why)) {
      lost(why);
    }
  }

  /** The peer is gone; nothing if it has said that it leaves. */
  final void lost(@Nullable PlacesException why) {
    if (!leaves) {
      world.peerLost(peer, why);
      lostForGood();
    }
  }

  /** Nothing that the peer has sent is of use any more. */
  void lostForGood() {}

  // Sending

  /** The lock of what goes out. */
  final void lock() {
    out.lock();
  }

  /** What was written meanwhile is on its way. */
  void unlock() {
    out.unlock();
  }

  /** What a message holds, as elements: an object as the bytes that it travels as. */
  static Slice body(Payload payload) {
    return payload instanceof Payload.Elements(Slice slice, boolean borrowed)
        ? slice
        : Slice.of(payload.encode());
  }

  /** Why nothing can be sent any more, if that is so. Under the lock. */
  final @Nullable Supplier<? extends PlacesException> hopeless() {
    return failed != null ? failed : ended ? world.endedSend(peer) : null;
  }

  /** Whether so much may be sent whether or not it is wanted. Under the lock. */
  final boolean isWithinRoom(long bytes) {
    return bytes <= EAGER && ahead + bytes + OVERHEAD <= EAGER_BYTES;
  }

  /** It is sent whole. Under the lock. */
  final void isAhead(long bytes) {
    ahead += bytes + OVERHEAD;
  }

  /** Under the lock. */
  final void countSent() {
    framesSent.setRelease(framesSent.getPlain() + 1);
  }

  /** What was counted is not sent after all. Under the lock. */
  final void countUnsent() {
    framesSent.setRelease(framesSent.getPlain() - 1);
  }

  /** A number by which the peer speaks of a message that it has to answer. Under the lock. */
  final int ticket(Sending message) {
    do {
      tickets++;
    } while (tickets == 0 || offered.containsKey(tickets));
    offered.put(tickets, message);
    return tickets;
  }

  /** The peer has not heard of it. Under the lock. */
  final void takeBack(int ticket) {
    offered.remove(ticket);
  }

  /** The messages that are over by a look at what waits to be sent: those who wait for them are told without the lock. */
  final class Over {
    private final ArrayList<Sending> done = new ArrayList<>(0);
    private final List<Unsendable> not = new ArrayList<>(0);

    /**
     * A message that turned out not to be sendable when its turn came, such as memory that is free by now.
     *
     * @param isAwaited by the peer, which wants it
     */
    private record Unsendable(Sending message, Throwable why, boolean isAwaited) {}

    /** To be called before what cannot be undone: then {@link #done} does not fail. */
    void makeRoom() {
      done.ensureCapacity(done.size() + 1);
    }

    void done(Sending message) {
      done.add(message);
    }

    void cannotSend(Sending message, Throwable why, boolean isAwaited) {
      not.add(new Unsendable(message, why, isAwaited));
    }

    /** What the peer waits for can only end with the job; but for that, all else goes on. */
    void tell() {
      done.forEach(Sending::done);
      for (Unsendable each : not) {
        Supplier<RmpiException> why = () -> world.cannotSend(peer, each.why());
        if (each.isAwaited()) {
          world.fail(why.get()); // first: else this rank may have ended in order by then
        }
        each.message().request().fail(why);
      }
    }
  }

  /** Sends the next piece of the message that has been wanted for longest; there is room for it. Under the lock. */
  final void putPiece(Over over) {
    Transfer transfer = transfers.element();
    boolean isOver;
    try {
      over.makeRoom();
      put(transfer);
      isOver = transfer.isDone();
      if (isOver) {
        over.done(transfer.message);
      }
    } catch (RuntimeException | Error e) {
      over.cannotSend(transfer.message, e, true);
      isOver = true;
    }
    if (isOver) {
      transfers.remove();
    }
  }

  /** Sends its next piece. */
  abstract void put(Transfer transfer);

  /** Under the lock; null if the job has failed, or the peer has ended. */
  private @Nullable Sending sent(int ticket) {
    Sending message = offered.remove(ticket);
    if (message == null && failed == null && !ended) {
      throw new RmpiException("rank %d speaks of message %d, which was not sent".formatted(peer, ticket));
    }
    return message;
  }

  /** Says something short, now or soon. */
  abstract void reply(Kind kind, int ticket, long number);

  @Override
  public final RankNews.Traffic traffic() {
    return new RankNews.Traffic(peer, framesSent.get(), framesCome.get());
  }

  // Receiving; by the thread that polls

  final void countCome() {
    framesCome.setRelease(framesCome.getPlain() + 1);
  }

  /** An answer of the peer. */
  final void answerCame(Kind kind, int ticket, long number) {
    switch (kind) {
      case WANTED -> {
        lock();
        try {
          Sending message = sent(ticket);
          if (message != null) {
            transfers.add(new Transfer(ticket, message));
            countSent(); // its first piece
            isPending = true;
          }
        } finally {
          unlock();
        }
      }
      case MATCHED, DROPPED -> {
        Sending message;
        lock();
        try {
          message = sent(ticket);
        } finally {
          unlock();
        }
        if (message != null) {
          message.done();
        }
      }
      case ROOM -> {
        lock();
        try {
          ahead -= number;
        } finally {
          unlock();
        }
      }
      case END -> {
        ended = true;
        world.peerEnded(peer);
        failAll(world.endedSend(peer), false);
      }
      default -> throw new RmpiException("rank %d sends a frame of kind %s".formatted(peer, kind));
    }
  }

  /** Some bytes of a message that was wanted; if it still is. */
  final void partCame(int ticket, MemorySegment from, long at, int length, long first) {
    Offered offer = coming.get(ticket);
    if (offer == null || offer.receive == null) {
      return; // nobody wants it any more: the job has failed
    }
    offer.left -= length;
    try {
      offer.receive.take(offer.envelope, from, at, length, first, offer.bytes);
    } catch (RuntimeException | Error e) {
      coming.remove(ticket); // nobody wants the rest
      offer.receive.cannotTake(offer.envelope, e);
      throw e;
    }
    if (offer.left == 0) {
      coming.remove(ticket);
    }
  }

  /** A message that came whole is received: the peer may send as much more. */
  final void matched(long bytes) {
    if (matched.addAndGet(bytes) >= ROOM_AT) {
      long tell = matched.getAndSet(0);
      if (tell > 0) {
        reply(Kind.ROOM, 0, tell);
      }
    }
  }

  /** As {@link #matched}, for what has found its receive at once; by the thread that polls. */
  void matchedAtOnce(long bytes) {
    matched(bytes);
  }

  /** A message that came whole. Its body lies where it came until the call that delivers it returns. */
  class Whole implements Incoming {
    private final Envelope envelope;
    private final int ticket;
    private final MemorySegment from;
    private final long at;
    private final int length;
    private boolean kept; // written before others see it
    private byte @Nullable [] held;

    Whole(Envelope envelope, int ticket, MemorySegment from, long at, int length) {
      this.envelope = envelope;
      this.ticket = ticket;
      this.from = from;
      this.at = at;
      this.length = length;
    }

    @Override
    public final Envelope envelope() {
      return envelope;
    }

    @Override
    public final long bytes() {
      return length;
    }

    @Override
    public final void keep() {
      kept = true;
      if (!stays()) {
        hold();
      }
    }

    /** Whether its body may lie where it came until it is received. */
    boolean stays() {
      return false;
    }

    /** Nobody looks at where it came any more. */
    void left() {}

    final boolean isHeld() {
      return held != null;
    }

    @Override
    public void hold() {
      if (held == null) {
        byte[] bytes = new byte[length];
        MemorySegment.copy(from, at, MemorySegment.ofArray(bytes), 0, length);
        held = bytes;
      }
    }

    @Override
    public final void giveTo(Posted.Receive receive) {
      told(); // first: when the receive is done its rank may end, and nothing is told behind that
      byte[] bytes = held;
      try {
        if (bytes == null) {
          receive.take(envelope, from, at, length, 0, length);
        } else {
          receive.take(envelope, MemorySegment.ofArray(bytes), 0, length, 0, length);
        }
      } finally {
        left();
      }
    }

    @Override
    public final void drop() {
      told();
      left();
    }

    private void told() {
      if (ticket != 0) {
        reply(Kind.MATCHED, ticket, 0);
      }
      if (kept || held != null) {
        matched((long) length + OVERHEAD);
      } else {
        matchedAtOnce((long) length + OVERHEAD);
      }
    }

    @Override
    public final void fail(Supplier<? extends PlacesException> why) {}
  }

  /** A message that comes when it is wanted, or lies where this rank can see it. */
  final class Offered implements Incoming {
    private final Envelope envelope;
    private final int ticket;
    private final long bytes;
    private final @Nullable MemorySegment shared;
    private long left; // by the thread that polls
    private volatile Posted.@Nullable Receive receive;

    Offered(Envelope envelope, int ticket, long bytes, @Nullable MemorySegment shared) {
      this.envelope = envelope;
      this.ticket = ticket;
      this.bytes = bytes;
      this.shared = shared;
      this.left = bytes;
    }

    @Override
    public Envelope envelope() {
      return envelope;
    }

    @Override
    public long bytes() {
      return bytes;
    }

    @Override
    public void keep() {}

    @Override
    public void hold() {}

    @Override
    public void giveTo(Posted.Receive to) {
      if (shared != null) {
        try {
          Slice room = to.room(envelope, bytes);
          room.read(0, bytes / room.type().size(), shared, 0);
        } finally {
          reply(Kind.MATCHED, ticket, 0); // before the receive is done: then this rank may end
        }
        to.filled(envelope);
        return;
      }
      receive = to;
      try {
        coming.put(ticket, this);
      } catch (RuntimeException | Error e) { // such as too little memory: its sender is not to wait for ever
        drop();
        throw e;
      }
      if (ended) {
        to.fail(PolledLink.this::unsent);
        return;
      }
      reply(Kind.WANTED, ticket, 0);
      if (world.hasFailed()) {
        to.fail(world.failure());
      }
    }

    void failReceive(Supplier<? extends PlacesException> why) {
      Posted.Receive to = receive;
      if (to != null) {
        to.fail(why);
      }
    }

    @Override
    public void drop() {
      reply(Kind.DROPPED, ticket, 0);
    }

    @Override
    public void fail(Supplier<? extends PlacesException> why) {}
  }

  // The end

  private void failAll(Supplier<? extends PlacesException> why, boolean forGood) {
    List<Request<?>> requests = new ArrayList<>();
    lock();
    try {
      if (forGood && failed == null) {
        failed = why;
      }
      offered.values().forEach(each -> requests.add(each.request()));
      transfers.forEach(each -> requests.add(each.message.request()));
      offered.clear();
      transfers.clear();
      forget(requests);
      isPending = false;
    } finally {
      unlock();
    }
    requests.forEach(request -> request.fail(why));
    coming.values().forEach(each -> each.failReceive(forGood ? why : this::unsent));
    coming.clear();
  }

  /** What else waits to be sent is not, and is added to the requests. Under the lock. */
  void forget(List<Request<?>> requests) {}

  private RankFailedException unsent() {
    return new RankFailedException(
        "rank %d has ended without waiting until its message was sent".formatted(peer));
  }

  @Override
  public final void fail(Supplier<? extends PlacesException> why) {
    failAll(why, true);
    world.progress().wake();
  }

  @Override
  public final void close() {
    channel.close();
  }
}
