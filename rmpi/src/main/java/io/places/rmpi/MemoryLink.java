package io.places.rmpi;

import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * Each message is a cell; what does not fit into that lies in a slot, which the cell names. What is said is
 * the same as over a channel (Frame): a message of at most 64 KiB goes whole as long as not too much is
 * unmatched at the receiver, anything else is offered and, when wanted, comes in pieces of a slot each.
 *
 * Nobody ever waits for room here. What finds none is queued, and sent by the thread that polls; whoever sent
 * it waits for its request, and polls meanwhile. So two ranks that fill each other's rings empty them, too.
 *
 * The place channel of the two ranks stays: over it the one wakes the other, a failure is told at once, and
 * its end tells that the peer is dead.
 */
/** The way to a rank on the same host, over memory that both have mapped. */
final class MemoryLink implements RemoteLink, Polled {
  /** As in {@link ChannelLink}. */
  private static final long ROOM_AT = EAGER_BYTES / 4;

  /** Cells that are read in one go: then others get their turn. */
  private static final int BURST = 64;

  /** Pieces of long messages that are sent in one go. */
  private static final int PIECES = 4;

  private static final int NO_SLOT = -1;

  /** Behind the length of an offer. */
  private static final long REGION_OFFSET = Cells.BODY + Long.BYTES;

  private static final long REGION_NUMBER = REGION_OFFSET + Long.BYTES;

  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

  /** What a cell says; the same as the {@link Frame}s, and what is about the slots. */
  private enum Kind {
    WHOLE(1),
    OFFER(2),
    WANTED(3),
    MATCHED(4),
    DROPPED(5),
    PART(6),
    ROOM(7),
    END(8),
    /** A text that cells name by its number. */
    NAME(9),
    NEED_SHORT(10),
    NEED_LONG(11),
    SLOTS(12),
    /** A file out of which messages come. */
    REGION(13),
    /** An offer that lies in a region. */
    SHARED(14);

    private static final @Nullable Kind[] BY_CODE = new @Nullable Kind[SHARED.code + 1];

    static {
      for (Kind kind : values()) {
        BY_CODE[kind.code] = kind;
      }
    }

    private final byte code;

    Kind(int code) {
      this.code = (byte) code;
    }

    static Kind of(byte code) {
      return Objects.requireNonNull(BY_CODE[code]);
    }
  }

  private final World world;
  private final int peer;
  private final PlaceChannel<Frame, Frame> channel;
  private final MemorySegment memory;
  private final long mySleep;
  private final long peersSleep;

  private final ReentrantLock out = new ReentrantLock();
  private final Cells.Writer cells; // guarded by out
  private final FreeSlots shortSlots; // likewise
  private final FreeSlots longSlots; // likewise
  private final Map<String, Integer> names = new HashMap<>(); // likewise; as the peer knows them
  private String lastName = ""; // likewise; most messages are of one type
  private int lastNumber; // likewise
  private final Map<SharedRegion, Integer> regions = new HashMap<>(); // likewise; as the peer knows them
  private final ArrayDeque<Reply> replies = new ArrayDeque<>(); // likewise
  private final ArrayDeque<Sending> messages = new ArrayDeque<>(); // likewise
  private final ArrayDeque<Transfer> transfers = new ArrayDeque<>(); // likewise
  private final Map<Integer, Sending> offered = new HashMap<>(); // likewise; and what waits to be matched
  private int tickets; // likewise
  private long ahead; // likewise; bytes sent whole and unmatched
  private boolean ending; // likewise
  private @Nullable Supplier<? extends PlacesException> failed; // likewise
  private volatile boolean isPending; // anything is queued
  private volatile boolean isCrowded; // it is worth looking for room before the next message

  private final Cells.Reader reader; // by the thread that polls
  private final List<String> peersNames = new ArrayList<>(List.of("")); // likewise
  private final List<@Nullable MemorySegment> peersRegions = new ArrayList<>(); // likewise; null: not for us
  private final Map<Integer, Offered> coming = new ConcurrentHashMap<>();
  private final AtomicLong matched = new AtomicLong(); // bytes matched here and not told
  private long matchedHere; // and not added to that; by the thread that polls
  private final AtomicLong framesSent = new AtomicLong(); // or queued
  private final AtomicLong framesCome = new AtomicLong();
  private volatile boolean ended; // by its last cell
  private volatile boolean leaves; // by the channel: its end is no loss

  /** A message on its way out. */
  private record Sending(
      Envelope envelope, Slice body, boolean synchronous, Request<Status> request) {
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

    boolean isDone() {
      return at == message.body().count();
    }
  }

  private record Reply(Kind kind, int ticket, long number) {}

  MemoryLink(World world, int peer, PlaceChannel<Frame, Frame> channel, PairMemory pair) {
    this.world = world;
    this.peer = peer;
    this.channel = channel;
    memory = pair.memory();
    mySleep = pair.sleepAt(pair.side());
    peersSleep = pair.sleepAt(1 - pair.side());
    cells = new Cells.Writer(pair);
    reader = new Cells.Reader(pair);
    shortSlots = new FreeSlots(pair.side(), 0, PairMemory.SHORT_SLOTS);
    longSlots = new FreeSlots(pair.side(), PairMemory.SHORT_SLOTS, PairMemory.LONG_SLOTS);
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

  private void lost(@Nullable PlacesException why) {
    if (!leaves) {
      world.peerLost(peer, why);
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
    if (isCrowded) {
      world.progress().poll(); // who only sends hears here of room
    }
    boolean done = false;
    @Nullable Supplier<? extends PlacesException> why = null;
    out.lock();
    try {
      if (failed != null) {
        why = failed;
      } else if (ended) {
        why = world.endedSend(peer);
      } else {
        framesSent.setRelease(framesSent.getPlain() + 1);
        var message = new Sending(envelope, body, synchronous, request);
        if (messages.isEmpty() && hasRoom(envelope.type(), envelope.call(), body)) {
          done = put(message);
        } else {
          messages.add(message);
          pending();
        }
        crowded();
      }
    } finally {
      unlock();
    }
    if (done) {
      request.complete(envelope.status(), envelope.status());
    } else if (why != null) {
      request.fail(why);
    }
  }

  @Override
  public boolean sendNow(
      int context, int source, int tag, Slice body, @Nullable CollectiveCall call) {
    if (isCrowded) {
      world.progress().poll();
    }
    out.lock();
    try {
      String type = body.type().typeName();
      if (failed != null
          || ended
          || !messages.isEmpty()
          || !isWhole(body)
          || !hasRoom(type, call, body)) {
        return false;
      }
      framesSent.setRelease(framesSent.getPlain() + 1);
      long at = putHead(context, source, tag, type, body.count(), call, 0);
      ahead += body.bytes() + OVERHEAD;
      putBody(at, body, 0, body.count());
      publish(at, Kind.WHOLE);
      crowded();
      return true;
    } finally {
      unlock();
    }
  }

  private void crowded() {
    boolean crowded = ahead > EAGER_BYTES / 2 || isPending;
    if (crowded != isCrowded) {
      isCrowded = crowded;
    }
  }

  /** Something is queued: whoever polls has to look at it. */
  private void pending() {
    isPending = true;
    world.progress().wake();
  }

  private boolean isWhole(Slice body) {
    return body.bytes() <= EAGER && !isShared(body) && ahead + body.bytes() + OVERHEAD <= EAGER_BYTES;
  }

  private static boolean isShared(Slice body) {
    return body.region() != null && body.isDense() && body.bytes() >= SharedRegion.LEAST;
  }

  /** Whether there is a cell, and a slot if one is needed, and the peer knows the names. */
  private boolean hasRoom(String type, @Nullable CollectiveCall call, Slice body) {
    if (!knows(type) || (call != null && (!knows(call.operation()) || !knows(call.type())))) {
      return false;
    }
    SharedRegion region = isShared(body) ? body.region() : null;
    if (region != null && !knows(region)) {
      return false;
    }
    return !cells.isFull() && (!isWhole(body) || hasSlot(body.bytes()));
  }

  private boolean hasRoom(Sending message) {
    return hasRoom(message.envelope().type(), message.envelope().call(), message.body());
  }

  private boolean hasSlot(long bytes) {
    if (bytes <= Cells.INLINE) {
      return true;
    }
    FreeSlots slots = slots(bytes);
    Kind need = bytes <= PairMemory.SHORT_SLOT ? Kind.NEED_SHORT : Kind.NEED_LONG;
    if (slots.asks()) {
      reply(need, 0, 0);
    }
    return !slots.isEmpty() && !cells.isFull();
  }

  private FreeSlots slots(long bytes) {
    return bytes <= PairMemory.SHORT_SLOT ? shortSlots : longSlots;
  }

  private boolean knows(String name) {
    if (name.equals(lastName) || names.containsKey(name)) {
      return true;
    }
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > PairMemory.LONG_SLOT || names.size() > Short.MAX_VALUE) {
      throw new RmpiException(
          "a type's name of %d bytes, or the type number %d of a job: the bounds are %d and %d"
              .formatted(bytes.length, names.size(), PairMemory.LONG_SLOT, Short.MAX_VALUE));
    }
    if (cells.isFull() || !hasSlot(bytes.length)) {
      return false;
    }
    long at = cells.at();
    putBody(at, Slice.of(bytes), 0, bytes.length);
    framesSent.setRelease(framesSent.getPlain() + 1);
    publish(at, Kind.NAME);
    names.put(name, names.size());
    return true;
  }

  private boolean knows(SharedRegion region) {
    if (regions.containsKey(region)) {
      return true;
    }
    byte[] path = region.name().path().getBytes(StandardCharsets.UTF_8);
    byte[] all = Arrays.copyOf(region.name().token(), SharedFile.TOKEN + path.length);
    System.arraycopy(path, 0, all, SharedFile.TOKEN, path.length);
    if (cells.isFull() || !hasSlot(all.length)) {
      return false;
    }
    long at = cells.at();
    putBody(at, Slice.of(all), 0, all.length);
    framesSent.setRelease(framesSent.getPlain() + 1);
    publish(at, Kind.REGION);
    regions.put(region, regions.size());
    return true;
  }

  private int number(SharedRegion region) {
    return Objects.requireNonNull(regions.get(region));
  }

  private int name(String of) {
    if (of.equals(lastName)) {
      return lastNumber;
    }
    Integer known = names.get(of);
    if (known == null) {
      throw new IllegalStateException(of + " is not told yet");
    }
    lastName = of;
    lastNumber = known;
    return known;
  }

  /** Writes a message, for which there is room; whether it is done with that. */
  private boolean put(Sending message) {
    Envelope envelope = message.envelope();
    Slice body = message.body();
    boolean whole = isWhole(body);
    boolean later = !whole || message.synchronous();
    long at =
        putHead(
            envelope.context(),
            envelope.source(),
            envelope.tag(),
            envelope.type(),
            envelope.count(),
            envelope.call(),
            later ? ticket(message) : 0);
    if (whole) {
      ahead += body.bytes() + OVERHEAD;
      putBody(at, body, 0, body.count());
      publish(at, Kind.WHOLE);
      return !later;
    }
    memory.set(ValueLayout.JAVA_LONG, at + Cells.BODY, body.bytes());
    SharedRegion region = isShared(body) ? body.region() : null;
    if (region != null) {
      memory.set(ValueLayout.JAVA_INT, at + REGION_NUMBER, number(region));
      memory.set(ValueLayout.JAVA_LONG, at + REGION_OFFSET, body.regionOffset());
    }
    publish(at, region == null ? Kind.OFFER : Kind.SHARED);
    return false;
  }

  /** Where the cell is. */
  private long putHead(
      int context,
      int source,
      int tag,
      String type,
      int count,
      @Nullable CollectiveCall call,
      int ticket) {
    long at = cells.at();
    memory.set(ValueLayout.JAVA_SHORT, at + Cells.TYPE, (short) name(type));
    memory.set(ValueLayout.JAVA_INT, at + Cells.CONTEXT, context);
    memory.set(ValueLayout.JAVA_INT, at + Cells.SOURCE, source);
    memory.set(ValueLayout.JAVA_INT, at + Cells.TAG, tag);
    memory.set(ValueLayout.JAVA_INT, at + Cells.COUNT, count);
    memory.set(ValueLayout.JAVA_INT, at + Cells.TICKET, ticket);
    memory.set(
        ValueLayout.JAVA_SHORT,
        at + Cells.OPERATION,
        call == null ? 0 : (short) name(call.operation()));
    if (call != null) {
      memory.set(ValueLayout.JAVA_SHORT, at + Cells.CALL_TYPE, (short) name(call.type()));
      memory.set(ValueLayout.JAVA_INT, at + Cells.ROOT, call.root());
      memory.set(ValueLayout.JAVA_INT, at + Cells.CALL_COUNT, call.count());
      memory.set(ValueLayout.JAVA_LONG, at + Cells.NUMBER, call.number());
    }
    return at;
  }

  private void putBody(long at, Slice body, int first, int number) {
    int bytes = number * body.type().size();
    memory.set(ValueLayout.JAVA_INT, at + Cells.LENGTH, bytes);
    if (bytes <= Cells.INLINE) {
      memory.set(ValueLayout.JAVA_INT, at + Cells.SLOT, NO_SLOT);
      body.write(first, number, memory, at + Cells.BODY);
    } else {
      int slot = slots(bytes).take();
      memory.set(ValueLayout.JAVA_INT, at + Cells.SLOT, slot);
      body.write(first, number, memory, PairMemory.slotAt(slot));
    }
  }

  private void publish(long at, Kind kind) {
    memory.set(ValueLayout.JAVA_BYTE, at + Cells.KIND, kind.code);
    cells.publish();
  }

  /** What was published meanwhile is seen by the peer, also if it sleeps. */
  private void unlock() {
    out.unlock();
    wakePeer();
  }

  /** Behind what the peer is to see. */
  private void wakePeer() {
    VarHandle.fullFence();
    int how = (int) INT.getOpaque(memory, peersSleep);
    if (how != Sleeper.AWAKE) {
      wakePeer(how);
    }
  }

  private void wakePeer(int how) {
    @Nullable Natives natives = Natives.get();
    if (how == Sleeper.ASLEEP_ON_WORD && natives != null) {
      WordSleeper.wake(natives, memory.asSlice(peersSleep, Integer.BYTES));
    } else if (how == Sleeper.ASLEEP_ON_WORD // which the peer itself is to change then
        || INT.compareAndSet(memory, peersSleep, how, Sleeper.AWAKE)) {
      try {
        channel.offer(new Frame.Wake()); // if there is no credit, others are on their way
      } catch (PlacesException e) {
        lost(e);
      }
    }
  }

  private int ticket(Sending message) {
    do {
      tickets++;
    } while (tickets == 0 || offered.containsKey(tickets));
    offered.put(tickets, message);
    return tickets;
  }

  /** Says something short, now or when there is room. */
  private void reply(Kind kind, int ticket, long number) {
    out.lock();
    try {
      if (failed != null || ended) {
        return;
      }
      framesSent.setRelease(framesSent.getPlain() + 1);
      Reply reply = new Reply(kind, ticket, number);
      if (!replies.isEmpty() || cells.isFull()) {
        replies.add(reply);
        pending();
      } else {
        put(reply);
      }
    } finally {
      unlock();
    }
  }

  private void put(Reply reply) {
    long at = cells.at();
    memory.set(ValueLayout.JAVA_INT, at + Cells.TICKET, reply.ticket());
    memory.set(ValueLayout.JAVA_LONG, at + Cells.NUMBER, reply.number());
    publish(at, reply.kind());
  }

  /** Sends what is queued, as far as there is room. */
  private boolean pump() {
    boolean some = false;
    List<Sending> done = new ArrayList<>();
    out.lock();
    try {
      while (!replies.isEmpty() && !cells.isFull()) {
        put(replies.remove());
        some = true;
      }
      while (!messages.isEmpty() && hasRoom(messages.element())) {
        Sending message = messages.remove();
        if (put(message)) {
          done.add(message);
        }
        some = true;
      }
      some |= pumpTransfers(done);
      giveSlots();
      isPending =
          !replies.isEmpty()
              || !messages.isEmpty()
              || !transfers.isEmpty()
              || shortSlots.toGive() > 0
              || longSlots.toGive() > 0;
      if (ending && !isPending && !cells.isFull()) {
        ending = false;
        put(new Reply(Kind.END, 0, 0));
      }
      isPending |= ending;
    } finally {
      unlock();
    }
    done.forEach(Sending::done);
    return some;
  }

  private boolean pumpTransfers(List<Sending> done) {
    int pieces = 0;
    while (!transfers.isEmpty() && pieces < PIECES) {
      Transfer transfer = transfers.element();
      Slice body = transfer.message.body();
      int most = PairMemory.LONG_SLOT / body.type().size();
      int number = Math.min(most, body.count() - transfer.at);
      if (cells.isFull() || !hasSlot((long) number * body.type().size())) {
        break;
      }
      long at = cells.at();
      memory.set(ValueLayout.JAVA_INT, at + Cells.TICKET, transfer.ticket);
      memory.set(
          ValueLayout.JAVA_LONG, at + Cells.NUMBER, (long) transfer.at * body.type().size());
      putBody(at, body, transfer.at, number);
      if (transfer.at > 0) {
        framesSent.setRelease(framesSent.getPlain() + 1); // the first is counted already
      }
      publish(at, Kind.PART);
      transfer.at += number;
      pieces++;
      if (transfer.isDone()) {
        transfers.remove();
        done.add(transfer.message);
      }
    }
    return pieces > 0;
  }

  /** Under the lock. */
  private void giveSlots() {
    giveSlots(shortSlots);
    giveSlots(longSlots);
  }

  private void giveSlots(FreeSlots slots) {
    int left = slots.toGive();
    while (left > 0 && !cells.isFull()) {
      long at = cells.at();
      int number = Math.min(left, Cells.INLINE / Integer.BYTES);
      memory.set(ValueLayout.JAVA_INT, at + Cells.COUNT, number);
      for (int i = 0; i < number; i++) {
        memory.set(ValueLayout.JAVA_INT, at + Cells.BODY + (long) i * Integer.BYTES, slots.take());
      }
      framesSent.setRelease(framesSent.getPlain() + 1);
      publish(at, Kind.SLOTS);
      left -= number;
      slots.gave();
    }
    if (left > 0) {
      isPending = true;
    }
  }

  @Override
  public void sendEnd() {
    out.lock();
    try {
      if (failed == null && !ended) {
        framesSent.setRelease(framesSent.getPlain() + 1);
        ending = true;
        pending();
      }
    } finally {
      unlock();
    }
    try {
      world.progress().await(() -> !isPending || ended || world.hasFailed());
      channel.put(new Frame.End());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (PlacesException e) {
      lost(e);
    }
  }

  @Override
  public void sendFailure(Failure failure) {
    try {
      channel.offer(new Frame.Failed(failure)); // without credit the launcher tells it
    } catch (PlacesException e) {
      lost(e);
    }
  }

  @Override
  public boolean isOnThisHost() {
    return true;
  }

  @Override
  public RankNews.Traffic traffic() {
    return new RankNews.Traffic(peer, framesSent.get(), framesCome.get());
  }

  // Receiving

  @Override
  public boolean poll() {
    int came = 0;
    while (came < BURST && reader.hasNext()) {
      cell(reader.at());
      came++;
    }
    return (isPending && pump()) || came > 0;
  }

  @Override
  public void announceSleep(int how) {
    INT.setVolatile(memory, mySleep, how);
    VarHandle.fullFence();
  }

  @Override
  public void announceAwake() {
    INT.setOpaque(memory, mySleep, Sleeper.AWAKE);
  }

  @Override
  public Optional<MemorySegment> sleepWord() {
    return Optional.of(memory.asSlice(mySleep, Integer.BYTES));
  }

  private void cell(long at) {
    Kind kind = Kind.of(memory.get(ValueLayout.JAVA_BYTE, at + Cells.KIND));
    int ticket = memory.get(ValueLayout.JAVA_INT, at + Cells.TICKET);
    switch (kind) {
      case WHOLE -> wholeCame(at, ticket);
      case OFFER, SHARED -> {
        Offered offer =
            new Offered(
                envelope(at),
                ticket,
                memory.get(ValueLayout.JAVA_LONG, at + Cells.BODY),
                kind == Kind.OFFER ? null : region(at));
        consumed();
        world.engine().deliver(offer);
      }
      case PART -> partCame(at, ticket);
      case REGION -> {
        peersRegions.add(opened(bytes(at)));
        bodyRead(at);
      }
      case NAME -> {
        peersNames.add(new String(bytes(at), StandardCharsets.UTF_8));
        bodyRead(at);
      }
      default -> {
        long number = memory.get(ValueLayout.JAVA_LONG, at + Cells.NUMBER);
        if (kind == Kind.SLOTS) {
          slotsCame(at);
        }
        consumed();
        replyCame(kind, ticket, number);
      }
    }
    framesCome.setRelease(framesCome.getPlain() + 1);
  }

  private @Nullable MemorySegment opened(byte[] tokenAndPath) {
    int token = SharedFile.TOKEN;
    var path = new String(tokenAndPath, token, tokenAndPath.length - token, StandardCharsets.UTF_8);
    try {
      return SharedFile.open(new Frame.Memory(path, Arrays.copyOf(tokenAndPath, token)));
    } catch (IOException e) {
      return null; // then what lies there is sent as anything else
    }
  }

  /** Where an offer lies, if this rank can see it. */
  private @Nullable MemorySegment region(long at) {
    @Nullable MemorySegment region =
        peersRegions.get(memory.get(ValueLayout.JAVA_INT, at + REGION_NUMBER));
    return region == null
        ? null
        : region.asSlice(
            SharedRegion.DATA_AT + memory.get(ValueLayout.JAVA_LONG, at + REGION_OFFSET));
  }

  private void replyCame(Kind kind, int ticket, long number) {
    switch (kind) {
      case WANTED -> {
        out.lock();
        try {
          Sending message = sent(ticket);
          if (message != null) {
            transfers.add(new Transfer(ticket, message));
            isPending = true;
          }
        } finally {
          unlock();
        }
      }
      case MATCHED, DROPPED -> {
        @Nullable Sending message;
        out.lock();
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
        out.lock();
        try {
          ahead -= number;
        } finally {
          unlock();
        }
      }
      case NEED_SHORT, NEED_LONG -> {
        out.lock();
        try {
          (kind == Kind.NEED_SHORT ? shortSlots : longSlots).peerAsks();
          giveSlots();
        } finally {
          unlock();
        }
      }
      case SLOTS -> {}
      case END -> {
        ended = true;
        world.peerEnded(peer);
        failAll(world.endedSend(peer), false);
      }
      default -> throw new RmpiException("rank %d sends a cell of kind %s".formatted(peer, kind));
    }
  }

  /** The cell is read; who waits for room is told now and then. */
  private void consumed() {
    if (reader.consumed()) {
      wakePeer();
    }
  }

  /** Under the lock; null if the job has failed. */
  private @Nullable Sending sent(int ticket) {
    Sending message = offered.remove(ticket);
    if (message == null && failed == null) {
      throw new RmpiException("rank %d speaks of message %d, which was not sent".formatted(peer, ticket));
    }
    return message;
  }

  private Envelope envelope(long at) {
    int operation = memory.get(ValueLayout.JAVA_SHORT, at + Cells.OPERATION);
    CollectiveCall call =
        operation == 0
            ? null
            : new CollectiveCall(
                memory.get(ValueLayout.JAVA_LONG, at + Cells.NUMBER),
                peersNames.get(operation),
                memory.get(ValueLayout.JAVA_INT, at + Cells.ROOT),
                peersNames.get(memory.get(ValueLayout.JAVA_SHORT, at + Cells.CALL_TYPE)),
                memory.get(ValueLayout.JAVA_INT, at + Cells.CALL_COUNT));
    return new Envelope(
        memory.get(ValueLayout.JAVA_INT, at + Cells.CONTEXT),
        memory.get(ValueLayout.JAVA_INT, at + Cells.SOURCE),
        memory.get(ValueLayout.JAVA_INT, at + Cells.TAG),
        peersNames.get(memory.get(ValueLayout.JAVA_SHORT, at + Cells.TYPE)),
        memory.get(ValueLayout.JAVA_INT, at + Cells.COUNT),
        call);
  }

  private int length(long at) {
    return memory.get(ValueLayout.JAVA_INT, at + Cells.LENGTH);
  }

  /** Where the body of a cell is. */
  private long bodyAt(long at) {
    int slot = memory.get(ValueLayout.JAVA_INT, at + Cells.SLOT);
    return slot == NO_SLOT ? at + Cells.BODY : PairMemory.slotAt(slot);
  }

  private byte[] bytes(long at) {
    byte[] bytes = new byte[length(at)];
    MemorySegment.copy(
        memory, ValueLayout.JAVA_BYTE, bodyAt(at), bytes, 0, bytes.length);
    return bytes;
  }

  /** The cell and its slot are free. */
  private void bodyRead(long at) {
    int slot = memory.get(ValueLayout.JAVA_INT, at + Cells.SLOT);
    consumed();
    if (slot != NO_SLOT) {
      out.lock();
      try {
        FreeSlots slots = PairMemory.isShort(slot) ? shortSlots : longSlots;
        slots.add(slot);
        giveSlots(slots);
      } finally {
        unlock();
      }
    }
  }

  private void slotsCame(long at) {
    int number = memory.get(ValueLayout.JAVA_INT, at + Cells.COUNT);
    out.lock();
    try {
      for (int i = 0; i < number; i++) {
        int slot = memory.get(ValueLayout.JAVA_INT, at + Cells.BODY + (long) i * Integer.BYTES);
        FreeSlots slots = PairMemory.isShort(slot) ? shortSlots : longSlots;
        slots.add(slot);
        slots.came();
      }
    } finally {
      unlock();
    }
  }

  private void wholeCame(long at, int ticket) {
    try {
      world.engine().deliver(new Whole(envelope(at), ticket, at, length(at)));
    } finally {
      bodyRead(at);
    }
  }

  private void partCame(long at, int ticket) {
    Offered offer = coming.get(ticket);
    if (offer != null && offer.receive != null) {
      long first = memory.get(ValueLayout.JAVA_LONG, at + Cells.NUMBER);
      int length = length(at);
      offer.left -= length;
      if (offer.left == 0) {
        coming.remove(ticket);
      }
      offer.receive.take(offer.envelope, memory, bodyAt(at), length, first, offer.bytes);
    }
    bodyRead(at); // of one that nobody wants any more, too: the job has failed
  }

  /** By the thread that polls, for what has found its receive at once. */
  private void matchedAtOnce(long bytes) {
    matchedHere += bytes;
    if (matchedHere >= ROOM_AT / 4) {
      long some = matchedHere;
      matchedHere = 0;
      matched(some);
    }
  }

  private void matched(long bytes) {
    if (matched.addAndGet(bytes) >= ROOM_AT) {
      long tell = matched.getAndSet(0);
      if (tell > 0) {
        reply(Kind.ROOM, 0, tell);
      }
    }
  }

  /** A message that came whole. Its body is in the memory until the call that delivers it returns. */
  private final class Whole implements Incoming {
    private final Envelope envelope;
    private final int ticket;
    private final long at;
    private final int length;
    private byte @Nullable [] held;

    Whole(Envelope envelope, int ticket, long at, int length) {
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
        held = MemoryLink.this.bytes(at);
      }
    }

    @Override
    public void giveTo(Posted.Receive receive) {
      drop(); // first: when the receive is done its rank may end, and nothing is told behind that
      byte[] bytes = held;
      if (bytes == null) {
        receive.take(envelope, memory, bodyAt(at), length, 0, length);
      } else {
        receive.take(envelope, MemorySegment.ofArray(bytes), 0, length, 0, length);
      }
    }

    @Override
    public void drop() {
      if (ticket != 0) {
        reply(Kind.MATCHED, ticket, 0);
      }
      if (held == null) {
        matchedAtOnce((long) length + OVERHEAD);
      } else {
        matched((long) length + OVERHEAD);
      }
    }

    @Override
    public void fail(Supplier<? extends PlacesException> why) {}
  }

  private final class Offered implements Incoming {
    private final Envelope envelope;
    private final int ticket;
    private final long bytes;
    private final @Nullable MemorySegment shared;
    private long left; // by the thread that polls
    private volatile Posted.@Nullable Receive receive;

    Offered(Envelope envelope, int ticket, long bytes, @Nullable MemorySegment shared) {
      this.shared = shared;
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
      if (shared != null) {
        Slice room = to.room(envelope, bytes);
        room.read(0, (int) (bytes / room.type().size()), shared, 0);
        reply(Kind.MATCHED, ticket, 0); // before the receive is done: then this rank may end
        to.filled(envelope);
        return;
      }
      receive = to;
      coming.put(ticket, this);
      if (ended) {
        to.fail(MemoryLink.this::unsent);
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
    List<Request<Status>> requests = new ArrayList<>();
    out.lock();
    try {
      if (forGood && failed == null) {
        failed = why;
      }
      offered.values().forEach(each -> requests.add(each.request()));
      messages.forEach(each -> requests.add(each.request()));
      transfers.forEach(each -> requests.add(each.message.request()));
      offered.clear();
      messages.clear();
      transfers.clear();
      replies.clear();
      ending = false;
      isPending = false;
    } finally {
      unlock();
    }
    requests.forEach(request -> request.fail(why));
    coming.values().forEach(each -> each.failReceive(forGood ? why : this::unsent));
    coming.clear();
  }

  private RankFailedException unsent() {
    return new RankFailedException(
        "rank %d has ended without waiting until its message was sent".formatted(peer));
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
