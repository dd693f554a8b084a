package io.places.rmpi;

import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * What is said is the same as over a channel (Frame), in frames with a head of fixed size; names of types and
 * operations are told once and then go as numbers. The thread that waits reads the socket itself, so nothing
 * lies between the wire and the posted array but one copy.
 *
 * A system call costs as much as some fifty small messages. So the first message after a wait goes at once,
 * and those that follow gather until there is a good piece of them, or the rank waits; LateFlush sends what is
 * left of a rank that does neither. A long message goes in pieces, each when all before it has gone: short
 * messages overtake the rest of it, and nothing gathers without bound.
 *
 * The place channel of the two ranks stays: over it a failure is told at once, and its end tells that the peer
 * is dead. The end of the socket tells so only if the channel says nothing.
 */
/** The way to a rank over a connection of its own. */
final class TcpLink implements RemoteLink, Polled {
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

  /** What gathers at most. */
  private static final int GATHER = 16 << 10;

  /** Pieces of long messages that are sent in one go: then the others get their turn. */
  private static final int PIECES = 8;

  /** As in {@link ChannelLink}. */
  private static final long ROOM_AT = EAGER_BYTES / 4;

  /** What the channel has to tell why the socket has ended, before that is a loss by itself. */
  private static final Duration GRACE = Duration.ofMillis(500);

  private enum Kind {
    WHOLE,
    OFFER,
    WANTED,
    MATCHED,
    DROPPED,
    PART,
    ROOM,
    END,
    NAME;

    private static final Kind[] ALL = values();
  }

  private final World world;
  private final int peer;
  private final PlaceChannel<Frame, Frame> channel;
  private final TcpStream stream;
  private final SelectionKey key;
  private final LateFlush lateFlush;

  private final ReentrantLock out = new ReentrantLock();
  private final Map<String, Integer> names = new HashMap<>(); // guarded by out; as the peer knows them
  private final ArrayDeque<Transfer> transfers = new ArrayDeque<>(); // likewise
  private final Map<Integer, Sending> offered = new HashMap<>(); // likewise; and what waits to be matched
  private int tickets; // likewise
  private long ahead; // likewise; bytes sent whole and unmatched
  private @Nullable Supplier<? extends PlacesException> failed; // likewise
  private volatile boolean isPending; // something is to be sent
  private volatile boolean gathers; // something was sent since the last wait

  private final List<String> peersNames = new ArrayList<>(List.of("")); // by the thread that polls
  private final Map<Integer, Offered> coming = new ConcurrentHashMap<>();
  private final AtomicLong matched = new AtomicLong(); // bytes matched here and not told
  private final AtomicLong framesSent = new AtomicLong(); // or to be sent
  private final AtomicLong framesCome = new AtomicLong();
  private volatile boolean broken; // nothing more comes over the socket
  private volatile boolean ended; // by its last frame
  private volatile boolean leaves; // by the channel: its end is no loss

  /** A message on its way out. */
  private record Sending(Envelope envelope, Slice body, Request<Status> request) {
    void done() {
      request.complete(envelope.status(), envelope.status());
    }
  }

  /** A long message that is wanted. */
  private static final class Transfer {
    final int ticket;
    final Sending message;
    int at; // elements sent

    Transfer(int ticket, Sending message) {
      this.ticket = ticket;
      this.message = message;
    }
  }

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
    this.world = world;
    this.peer = peer;
    this.channel = channel;
    this.stream = stream;
    this.key = key;
    this.lateFlush = lateFlush;
    names.put("", 0);
  }

  @Override
  public void start() {
    world.spawner().virtual("rmpi-from-" + peer, this::listen);
  }

  /** To what comes over the channel. */
  private void listen() {
    try {
      for (Frame frame : channel.messages()) {
        switch (frame) {
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

  private void lost(@Nullable PlacesException why) {
    if (!leaves) {
      world.peerLost(peer, why);
      closeSocket();
    }
  }

  // Sending

  @Override
  public void send(
      Envelope envelope, Payload payload, boolean synchronous, Request<Status> request) {
    Slice body =
        payload instanceof Payload.Elements(Slice slice, boolean borrowed)
            ? slice
            : Slice.of(payload.encode());
    Supplier<? extends PlacesException> hopeless;
    boolean done = false;
    out.lock();
    try {
      framesSent.setRelease(framesSent.getPlain() + 1);
      hopeless = failed != null ? failed : ended ? world.endedSend(peer) : null;
      if (hopeless == null) {
        done = put(new Sending(envelope, body, request), synchronous);
        written();
      }
    } finally {
      out.unlock();
    }
    if (done) {
      request.complete(envelope.status(), envelope.status());
    } else if (hopeless != null) {
      request.fail(hopeless);
    }
  }

  /** Writes a message; whether it is done with that. */
  private boolean put(Sending message, boolean synchronous) {
    Envelope envelope = message.envelope();
    Slice body = message.body();
    int type = name(envelope.type());
    CollectiveCall call = envelope.call();
    int operation = call == null ? 0 : name(call.operation());
    int callType = call == null ? 0 : name(call.type());
    boolean whole = body.bytes() <= EAGER && ahead + body.bytes() + OVERHEAD <= EAGER_BYTES;
    boolean later = synchronous || !whole;
    int length = whole ? (int) body.bytes() : 0;
    long at = begin(whole ? Kind.WHOLE : Kind.OFFER, length, later ? ticket(message) : 0);
    MemorySegment room = stream.room();
    room.set(INT, at + CONTEXT, envelope.context());
    room.set(INT, at + SOURCE, envelope.source());
    room.set(INT, at + TAG, envelope.tag());
    room.set(INT, at + COUNT, envelope.count());
    room.set(INT, at + TYPE, type);
    room.set(INT, at + OPERATION, operation);
    room.set(LONG, at + BYTES, body.bytes());
    if (call != null) {
      room.set(LONG, at + NUMBER, call.number());
      room.set(INT, at + CALL_TYPE, callType);
      room.set(INT, at + ROOT, call.root());
      room.set(INT, at + CALL_COUNT, call.count());
    }
    if (whole) {
      ahead += body.bytes() + OVERHEAD;
      body.write(0, body.count(), room, at + HEAD);
    }
    stream.write(HEAD + length);
    return !later;
  }

  /** Where a frame is to be written. */
  @SuppressWarnings("EnumOrdinal") // both ends run the same code: nodes see to that
  private long begin(Kind kind, int length, int ticket) {
    long at = stream.roomFor(HEAD + length);
    MemorySegment room = stream.room();
    room.set(INT, at + LENGTH, length);
    room.set(INT, at + KIND, kind.ordinal());
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
    MemorySegment.copy(bytes, 0, stream.room(), ValueLayout.JAVA_BYTE, at + HEAD, bytes.length);
    stream.write(HEAD + bytes.length);
    framesSent.setRelease(framesSent.getPlain() + 1);
    names.put(of, names.size());
    return names.size() - 1;
  }

  private int ticket(Sending message) {
    do {
      tickets++;
    } while (tickets == 0 || offered.containsKey(tickets));
    offered.put(tickets, message);
    return tickets;
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
    } else if (!isPending) {
      isPending = true;
      lateFlush.want();
    }
  }

  /** Sends what the system takes; whether that is all. */
  private boolean flush() {
    try {
      return broken || stream.flush();
    } catch (IOException e) {
      broken(e);
      return true;
    }
  }

  /** What has gathered goes, if nobody does something with it just now. */
  void flushLate() {
    if (isPending && out.tryLock()) {
      try {
        if (!flush()) {
          lateFlush.want();
        } else if (transfers.isEmpty()) {
          isPending = false;
        }
      } finally {
        out.unlock();
      }
    }
  }

  /** Says something short. */
  private void reply(Kind kind, int ticket, long number) {
    out.lock();
    try {
      if (failed == null && !ended) {
        framesSent.setRelease(framesSent.getPlain() + 1);
        long at = begin(kind, 0, ticket);
        stream.room().set(LONG, at + NUMBER, number);
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
      out.unlock();
    }
  }

  /** Sends what has gathered and what is wanted, as far as it goes. */
  private boolean pump() {
    boolean some = false;
    List<Sending> done = new ArrayList<>(0);
    out.lock();
    try {
      int before = stream.unsent();
      boolean all = flush();
      some = stream.unsent() < before;
      for (int pieces = 0; all && !transfers.isEmpty() && pieces < PIECES; pieces++) {
        putPiece(done);
        all = flush();
        some = true;
      }
      isPending = !all || !transfers.isEmpty();
    } finally {
      out.unlock();
    }
    done.forEach(Sending::done);
    return some;
  }

  private void putPiece(List<Sending> done) {
    Transfer transfer = transfers.element();
    Slice body = transfer.message.body();
    int size = body.type().size();
    int number = Math.min(PIECE / size, body.count() - transfer.at);
    long at = begin(Kind.PART, number * size, transfer.ticket);
    stream.room().set(LONG, at + NUMBER, (long) transfer.at * size);
    body.write(transfer.at, number, stream.room(), at + HEAD);
    stream.write(HEAD + number * size);
    if (transfer.at > 0) {
      framesSent.setRelease(framesSent.getPlain() + 1); // the first is counted already
    }
    transfer.at += number;
    if (transfer.at == body.count()) {
      transfers.remove();
      done.add(transfer.message);
    }
  }

  @Override
  public void sendEnd() {
    reply(Kind.END, 0, 0);
    out.lock();
    try {
      isPending = true;
    } finally {
      out.unlock();
    }
    try {
      world.progress().await(() -> !isPending || ended || broken || world.hasFailed());
      channel.put(new Frame.End());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (PlacesException e) {
      lost(e);
    }
  }

  /*
   * To close a socket to which the peer still sends would take from the peer what it has not read yet. So this
   * side says that no more comes, and reads on, for nobody, until the peer has said so, too.
   */
  @Override
  public void over() {
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
  public void sendFailure(Failure failure) {
    world.spawner().virtual("rmpi-failed-to-" + peer, () -> tell(failure)); // it may have to wait
  }

  private void tell(Failure failure) {
    try {
      channel.put(new Frame.Failed(failure));
    } catch (PlacesException e) {
      lost(e);
    }
  }

  @Override
  public boolean isOnThisHost() {
    return stream.isWithinHost();
  }

  @Override
  public RankNews.Traffic traffic() {
    return new RankNews.Traffic(peer, framesSent.get(), framesCome.get());
  }

  // Receiving

  @Override
  public boolean poll() {
    if (gathers) {
      gathers = false;
    }
    boolean some = false;
    try {
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
                }
              });
    }
  }

  private void frames() {
    MemorySegment came = stream.came();
    int needed = HEAD;
    while (stream.available() >= HEAD) {
      int at = stream.at();
      int length = came.get(INT, at + LENGTH);
      if (length < 0 || length > PIECE) {
        throw new RmpiException(
            "rank %d sends a frame of %d bytes; %d is the most".formatted(peer, length, PIECE));
      }
      needed = HEAD + length;
      if (stream.available() < needed) {
        break;
      }
      frame(came, at, length);
      stream.skip(needed);
      framesCome.setRelease(framesCome.getPlain() + 1);
    }
    stream.makeRoom(needed);
  }

  private void frame(MemorySegment came, int at, int length) {
    int kind = came.get(INT, at + KIND);
    if (kind < 0 || kind >= Kind.ALL.length) {
      throw new RmpiException("rank %d sends a frame of kind %d".formatted(peer, kind));
    }
    int ticket = came.get(INT, at + TICKET);
    switch (Kind.ALL[kind]) {
      case WHOLE ->
          world.engine().deliver(new Whole(envelope(came, at), ticket, at + HEAD, length));
      case OFFER ->
          world.engine().deliver(new Offered(envelope(came, at), ticket, came.get(LONG, at + BYTES)));
      case PART -> partCame(came, at, ticket, length);
      case NAME -> {
        byte[] name = new byte[length];
        MemorySegment.copy(came, ValueLayout.JAVA_BYTE, at + HEAD, name, 0, length);
        peersNames.add(new String(name, StandardCharsets.UTF_8));
      }
      case WANTED -> {
        out.lock();
        try {
          transfers.add(new Transfer(ticket, sent(ticket)));
          isPending = true;
        } finally {
          out.unlock();
        }
      }
      case MATCHED, DROPPED -> {
        Sending message;
        out.lock();
        try {
          message = sent(ticket);
        } finally {
          out.unlock();
        }
        message.done();
      }
      case ROOM -> {
        out.lock();
        try {
          ahead -= came.get(LONG, at + NUMBER);
        } finally {
          out.unlock();
        }
      }
      case END -> {
        ended = true;
        world.peerEnded(peer);
        failAll(world.endedSend(peer), false);
      }
    }
  }

  private Sending sent(int ticket) {
    Sending message = offered.remove(ticket);
    if (message == null) {
      throw new RmpiException("rank %d speaks of message %d, which was not sent".formatted(peer, ticket));
    }
    return message;
  }

  private Envelope envelope(MemorySegment came, int at) {
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
        came.get(INT, at + COUNT),
        call);
  }

  private void partCame(MemorySegment came, int at, int ticket, int length) {
    Offered offer = coming.get(ticket);
    if (offer == null || offer.receive == null) {
      return; // nobody wants it any more: the job has failed
    }
    offer.left -= length;
    if (offer.left == 0) {
      coming.remove(ticket);
    }
    offer.receive.take(
        offer.envelope, came, at + HEAD, length, came.get(LONG, at + NUMBER), offer.bytes);
  }

  private void matched(long bytes) {
    if (matched.addAndGet(bytes) >= ROOM_AT) {
      long tell = matched.getAndSet(0);
      if (tell > 0) {
        reply(Kind.ROOM, 0, tell);
      }
    }
  }

  @Override
  public void announceSleep(int how) {
    if (key.isValid()) {
      key.interestOps(
          isPending ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
    }
  }

  @Override
  public void announceAwake() {}

  /** A message that came whole. Its body is among what came until the call that delivers it returns. */
  private final class Whole implements Incoming {
    private final Envelope envelope;
    private final int ticket;
    private final int at;
    private final int length;
    private byte @Nullable [] held;

    Whole(Envelope envelope, int ticket, int at, int length) {
      this.envelope = envelope;
      this.ticket = ticket;
      this.at = at;
      this.length = length;
    }

    @Override
    public Envelope envelope() {
      return envelope;
    }

    @Override
    public long bytes() {
      return length;
    }

    @Override
    public void keep() {
      hold();
    }

    @Override
    public void hold() {
      if (held == null) {
        byte[] bytes = new byte[length];
        MemorySegment.copy(stream.came(), ValueLayout.JAVA_BYTE, at, bytes, 0, length);
        held = bytes;
      }
    }

    @Override
    public void giveTo(Posted.Receive receive) {
      drop(); // first: when the receive is done its rank may end, and nothing is told behind that
      byte[] bytes = held;
      if (bytes == null) {
        receive.take(envelope, stream.came(), at, length, 0, length);
      } else {
        receive.take(envelope, MemorySegment.ofArray(bytes), 0, length, 0, length);
      }
    }

    @Override
    public void drop() {
      if (ticket != 0) {
        reply(Kind.MATCHED, ticket, 0);
      }
      matched((long) length + OVERHEAD);
    }

    @Override
    public void fail(Supplier<? extends PlacesException> why) {}
  }

  private final class Offered implements Incoming {
    private final Envelope envelope;
    private final int ticket;
    private final long bytes;
    private long left; // by the thread that polls
    private volatile Posted.@Nullable Receive receive;

    Offered(Envelope envelope, int ticket, long bytes) {
      this.envelope = envelope;
      this.ticket = ticket;
      this.bytes = bytes;
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
      receive = to;
      coming.put(ticket, this);
      if (ended) {
        to.fail(
            () ->
                new RankFailedException(
                    "rank %d has ended without waiting until its message was sent".formatted(peer)));
        return;
      }
      reply(Kind.WANTED, ticket, 0);
      if (world.hasFailed()) {
        to.fail(world.failure());
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
    List<Request<Status>> requests = new ArrayList<>();
    out.lock();
    try {
      if (forGood && failed == null) {
        failed = why;
      }
      offered.values().forEach(each -> requests.add(each.request()));
      transfers.forEach(each -> requests.add(each.message.request()));
      offered.clear();
      transfers.clear();
      isPending = false;
    } finally {
      out.unlock();
    }
    requests.forEach(request -> request.fail(why));
    for (Offered each : coming.values()) {
      Posted.Receive receive = each.receive;
      if (receive != null) {
        receive.fail(why);
      }
    }
    coming.clear();
  }

  @Override
  public void fail(Supplier<? extends PlacesException> why) {
    failAll(why, true);
    world.progress().wake();
  }

  @Override
  public void close() {
    channel.close();
  }
}
