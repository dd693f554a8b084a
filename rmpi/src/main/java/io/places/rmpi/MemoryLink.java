package io.places.rmpi;

import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.WeakHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/*
 * Each frame is a cell; what does not fit into that lies in a slot, which the cell names.
 *
 * Nobody ever waits for room here. What finds none is queued, and sent by the thread that polls; whoever sent
 * it waits for its request, and polls meanwhile. So two ranks that fill each other's rings empty them, too.
 *
 * Over the place channel of the two ranks the one wakes the other if it can do so in no quicker way.
 */
/** The way to a rank on the same host, over memory that both have mapped. */
final class MemoryLink extends PolledLink {
  /** Cells that are read in one go: then others get their turn. */
  private static final int BURST = 64;

  /** Pieces of long messages that are sent in one go. */
  private static final int PIECES = 4;

  private static final int NO_SLOT = -1;

  /** Behind the length of an offer. */
  private static final long REGION_OFFSET = Cells.BODY + Long.BYTES;

  private static final long REGION_NUMBER = REGION_OFFSET + Long.BYTES;

  private static final VarHandle INT = ValueLayout.JAVA_INT.varHandle();

  private final MemorySegment memory;
  private final long mySleep;
  private final long peersSleep;

  private final Cells.Writer cells; // guarded by the lock
  private final FreeSlots shortSlots; // likewise
  private final FreeSlots longSlots; // likewise
  private final Map<String, Integer> names = new HashMap<>(); // likewise; as the peer knows them
  private String lastName = ""; // likewise; most messages are of one type
  private int lastNumber; // likewise
  private final Map<SharedRegion, Integer> regions = new WeakHashMap<>(); // likewise; as the peer knows them
  private final Map<Reference<?>, Integer> toldRegions = new HashMap<>(); // likewise; those that the peer has open
  private int nextRegion; // likewise
  private final ReferenceQueue<SharedRegion> goneRegions = new ReferenceQueue<>();
  private final ArrayDeque<Reply> replies = new ArrayDeque<>(); // likewise
  private final ArrayDeque<Sending> messages = new ArrayDeque<>(); // likewise
  private boolean ending; // likewise
  private volatile boolean isCrowded; // it is worth looking for room before the next message

  private final Cells.Reader reader; // by the thread that polls
  private final List<String> peersNames = new ArrayList<>(List.of("")); // likewise
  private final List<@Nullable MemorySegment> peersRegions = new ArrayList<>(); // likewise; null: not for us
  private long matchedHere; // bytes matched and not told; by the thread that polls

  private record Reply(Kind kind, int ticket, long number) {}

  MemoryLink(World world, int peer, PlaceChannel<Frame, Frame> channel, PairMemory pair) {
    super(world, peer, channel);
    memory = pair.memory();
    mySleep = pair.sleepAt(pair.side());
    peersSleep = pair.sleepAt(1 - pair.side());
    cells = new Cells.Writer(pair);
    reader = new Cells.Reader(pair);
    shortSlots = new FreeSlots(pair.side(), 0, PairMemory.SHORT_SLOTS);
    longSlots = new FreeSlots(pair.side(), PairMemory.SHORT_SLOTS, PairMemory.LONG_SLOTS);
    names.put("", 0);
  }

  // Sending

  @Override
  public void send(
      Envelope envelope, Payload payload, boolean synchronous, Request<Status> request) {
    Slice body = body(payload);
    forgetRegions();
    if (isCrowded) {
      world.progress().poll(); // who only sends hears here of room
    }
    boolean done = false;
    Supplier<? extends PlacesException> hopeless;
    lock();
    try {
      hopeless = hopeless();
      if (hopeless == null) {
        countSent();
        try {
          var message = new Sending(envelope, body, synchronous, request);
          if (messages.isEmpty() && hasRoom(envelope.type(), envelope.call(), body)) {
            done = put(message);
          } else {
            messages.add(message);
            pending();
          }
        } catch (RuntimeException | Error e) { // such as memory that is free by now
          countUnsent();
          throw e;
        }
        crowded();
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

  @Override
  public boolean sendNow(
      int context, int source, int tag, Slice body, @Nullable CollectiveCall call) {
    if (isCrowded) {
      world.progress().poll();
    }
    lock();
    try {
      String type = body.type().typeName();
      if (failed != null
          || ended
          || !messages.isEmpty()
          || !isWhole(body)
          || !hasRoom(type, call, body)) {
        return false;
      }
      long at = putHead(context, source, tag, (int) body.elements(), call);
      putBody(at, 0, call, body, 0, (int) body.elements()); // before anything is booked: its memory may be free
      isAhead(body.bytes());
      countSent();
      publish(Kind.WHOLE, name(type));
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
    return isWithinRoom(body.bytes()) && !isShared(body);
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
    FreeSlots slots = slotsFor(bytes);
    Kind need = bytes <= PairMemory.SHORT_SLOT ? Kind.NEED_SHORT : Kind.NEED_LONG;
    if (slots.runLow()) {
      reply(need, 0, 0);
      slots.asked();
    }
    return !slots.isEmpty() && !cells.isFull();
  }

  private FreeSlots slotsFor(long bytes) {
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
    Slice body = Slice.of(bytes);
    names.put(name, names.size()); // before it is said: if that failed it would be said again, with another number
    putBody(cells.at(), 0, null, body, 0, bytes.length);
    countSent();
    publish(Kind.NAME, 0);
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
    Slice body = Slice.of(all);
    Reference<?> told = new WeakReference<>(region, goneRegions);
    toldRegions.put(told, nextRegion); // before it is said, as a name
    try {
      regions.put(region, nextRegion);
    } catch (RuntimeException | Error e) {
      toldRegions.remove(told);
      throw e;
    }
    nextRegion++;
    putBody(cells.at(), 0, null, body, 0, all.length);
    countSent();
    publish(Kind.REGION, 0);
    return true;
  }

  /** What nothing in this rank refers to any more, no message either, the peer need not keep. */
  private void forgetRegions() {
    for (Reference<?> gone = goneRegions.poll(); gone != null; gone = goneRegions.poll()) {
      lock();
      try {
        reply(Kind.REGION_GONE, Objects.requireNonNull(toldRegions.remove(gone)), 0);
      } finally {
        unlock();
      }
    }
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
    boolean whole = isWhole(message.body());
    boolean later = !whole || message.synchronous();
    int ticket = later ? ticket(message) : 0;
    try {
      put(message, whole, ticket);
    } catch (RuntimeException | Error e) {
      takeBack(ticket);
      throw e;
    }
    return !later;
  }

  private void put(Sending message, boolean whole, int ticket) {
    Envelope envelope = message.envelope();
    Slice body = message.body();
    long at =
        putHead(
            envelope.context(),
            envelope.source(),
            envelope.tag(),
            (int) envelope.count(), // of what is longer the bytes tell
            envelope.call());
    int type = name(envelope.type());
    if (whole) {
      putBody(at, ticket, envelope.call(), body, 0, (int) body.elements()); // before anything is booked, as above
      isAhead(body.bytes());
      publish(Kind.WHOLE, type);
      return;
    }
    memory.set(ValueLayout.JAVA_LONG, at + Cells.SIZE, Cells.word(ticket, 0));
    memory.set(ValueLayout.JAVA_LONG, at + Cells.PLACE, place(NO_SLOT, envelope.call()));
    memory.set(ValueLayout.JAVA_LONG, at + Cells.BODY, body.bytes());
    SharedRegion region = isShared(body) ? body.region() : null;
    if (region != null) {
      memory.set(ValueLayout.JAVA_INT, at + REGION_NUMBER, number(region));
      memory.set(ValueLayout.JAVA_LONG, at + REGION_OFFSET, body.regionOffset());
    }
    publish(region == null ? Kind.OFFER : Kind.SHARED, type);
  }

  /** Where the cell is. */
  private long putHead(
      int context,
      int source,
      int tag,
      int count,
      @Nullable CollectiveCall call) {
    long at = cells.at();
    memory.set(ValueLayout.JAVA_LONG, at + Cells.WHO, Cells.word(context, source));
    memory.set(ValueLayout.JAVA_LONG, at + Cells.WHAT, Cells.word(tag, count));
    if (call != null) {
      memory.set(ValueLayout.JAVA_INT, at + Cells.ROOT, call.root());
      memory.set(ValueLayout.JAVA_INT, at + Cells.CALL_COUNT, call.count());
      memory.set(ValueLayout.JAVA_LONG, at + Cells.NUMBER, call.number());
    }
    return at;
  }

  private void putBody(
      long at, int ticket, @Nullable CollectiveCall call, Slice body, long first, int number) {
    int bytes = number * body.type().size();
    memory.set(ValueLayout.JAVA_LONG, at + Cells.SIZE, Cells.word(ticket, bytes));
    if (bytes <= Cells.INLINE) {
      memory.set(ValueLayout.JAVA_LONG, at + Cells.PLACE, place(NO_SLOT, call));
      body.write(first, number, memory, at + Cells.BODY);
    } else {
      FreeSlots slots = slotsFor(bytes);
      int slot = slots.take();
      try {
        memory.set(ValueLayout.JAVA_LONG, at + Cells.PLACE, place(slot, call));
        body.write(first, number, memory, PairMemory.slotAt(slot));
      } catch (RuntimeException | Error e) {
        slots.add(slot);
        throw e;
      }
    }
  }

  /** Where a body is, and what operation of all it is part of. */
  private long place(int slot, @Nullable CollectiveCall call) {
    return Cells.word(slot, call == null ? 0 : pair(name(call.operation()), name(call.type())));
  }

  private void publish(Kind kind, int type) {
    cells.publish(pair(kind.code, type));
  }

  /** Two numbers of 16 bits: no job has more names. */
  private static int pair(int low, int high) {
    return low | high << Short.SIZE;
  }

  private static int lowOf(int pair) {
    return (short) pair;
  }

  private static int highOf(int pair) {
    return pair >> Short.SIZE;
  }

  /** What was published meanwhile is seen by the peer, also if it sleeps. */
  @Override
  void unlock() {
    super.unlock();
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
        cannotPut(e);
      }
    }
  }

  /** Now or when there is room. */
  @Override
  void reply(Kind kind, int ticket, long number) {
    lock();
    try {
      if (failed != null || ended) {
        return;
      }
      Reply reply = new Reply(kind, ticket, number);
      if (!replies.isEmpty() || cells.isFull()) {
        replies.add(reply);
        countSent(); // behind what may fail, and before it can have come
        pending();
      } else {
        countSent();
        put(reply);
      }
    } finally {
      unlock();
    }
  }

  private void put(Reply reply) {
    long at = cells.at();
    memory.set(ValueLayout.JAVA_LONG, at + Cells.SIZE, Cells.word(reply.ticket(), 0));
    memory.set(ValueLayout.JAVA_LONG, at + Cells.NUMBER, reply.number());
    publish(reply.kind(), 0);
  }

  /** Sends what is queued, as far as there is room. */
  private boolean pump() {
    boolean some = false;
    var over = new Over();
    lock();
    try {
      while (!replies.isEmpty() && !cells.isFull()) {
        put(replies.remove());
        some = true;
      }
      while (!messages.isEmpty() && pumpMessage(messages.element(), over)) {
        messages.remove();
        some = true;
      }
      some |= pumpTransfers(over);
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
      over.tell();
    }
    return some;
  }

  /** False if there is no room yet. */
  private boolean pumpMessage(Sending message, Over over) {
    try {
      if (!hasRoom(message)) {
        return false;
      }
      over.makeRoom();
      if (put(message)) {
        over.done(message);
      }
    } catch (RuntimeException | Error e) { // nothing of it is there to be seen, and what is behind it can be sent
      over.cannotSend(message, e, false);
      countUnsent();
    }
    return true;
  }

  private boolean pumpTransfers(Over over) {
    int pieces = 0;
    while (!transfers.isEmpty() && pieces < PIECES && hasRoom(transfers.element())) {
      putPiece(over);
      pieces++;
    }
    return pieces > 0;
  }

  private boolean hasRoom(Transfer transfer) {
    return !cells.isFull() && hasSlot((long) nextPiece(transfer) * transfer.message.body().type().size());
  }

  /** How many elements. */
  private static int nextPiece(Transfer transfer) {
    Slice body = transfer.message.body();
    return (int) Math.min(PairMemory.LONG_SLOT / body.type().size(), body.elements() - transfer.at);
  }

  @Override
  void put(Transfer transfer) {
    Slice body = transfer.message.body();
    int number = nextPiece(transfer);
    long at = cells.at();
    memory.set(ValueLayout.JAVA_LONG, at + Cells.NUMBER, transfer.at * body.type().size());
    putBody(at, transfer.ticket, null, body, transfer.at, number);
    if (transfer.at > 0) {
      countSent(); // the first is counted already
    }
    publish(Kind.PART, 0);
    transfer.at += number;
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
      memory.set(ValueLayout.JAVA_LONG, at + Cells.WHAT, Cells.word(0, number));
      for (int i = 0; i < number; i++) {
        memory.set(ValueLayout.JAVA_INT, at + Cells.BODY + (long) i * Integer.BYTES, slots.take());
      }
      countSent();
      publish(Kind.SLOTS, 0);
      left -= number;
      slots.gave();
    }
    if (left > 0) {
      isPending = true;
    }
  }

  @Override
  public void sendEnd() {
    lock();
    try {
      if (failed == null && !ended) {
        countSent();
        ending = true;
        pending();
      }
    } finally {
      unlock();
    }
  }

  @Override
  public void awaitEnd() {
    try {
      world.progress().await(() -> !isPending || ended || world.hasFailed());
      channel.put(new Frame.End());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (PlacesException e) {
      cannotPut(e);
    }
  }

  @Override
  public boolean isOnThisHost() {
    return true;
  }

  // Receiving

  @Override
  public boolean poll() {
    int came = 0;
    while (came < BURST && reader.hasNext()) {
      long at = reader.at();
      try {
        cell(at, reader.kind());
      } finally {
        if (reader.at() != at) { // it is read, also if it could not be dealt with
          countCome();
        }
      }
      came++;
    }
    return (isPending && pump()) || came > 0;
  }

  @Override
  public void announceSleep(int how) {
    forgetRegions();
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

  private void cell(long at, int kindAndType) {
    Kind kind = Kind.of(lowOf(kindAndType));
    String type = peersNames.get(highOf(kindAndType));
    long size = memory.get(ValueLayout.JAVA_LONG, at + Cells.SIZE);
    int ticket = Cells.low(size);
    int length = Cells.high(size);
    long place = memory.get(ValueLayout.JAVA_LONG, at + Cells.PLACE);
    int slot = Cells.low(place);
    switch (kind) {
      case WHOLE -> {
        int count = Cells.high(memory.get(ValueLayout.JAVA_LONG, at + Cells.WHAT));
        wholeCame(new InSlot(at, slot, envelope(at, type, count, place), ticket, length));
      }
      case OFFER, SHARED -> {
        long bytes = memory.get(ValueLayout.JAVA_LONG, at + Cells.BODY);
        Offered offer =
            new Offered(
                envelope(at, type, ElementType.count(type, bytes), place),
                ticket,
                bytes,
                kind == Kind.OFFER ? null : region(at));
        consumed();
        world.engine().deliver(offer);
      }
      case PART -> {
        long first = memory.get(ValueLayout.JAVA_LONG, at + Cells.NUMBER);
        try {
          partCame(ticket, memory, bodyAt(at, slot), length, first);
        } finally {
          bodyRead(slot);
        }
      }
      case REGION -> {
        peersRegions.add(opened(bytes(at, slot, length)));
        bodyRead(slot);
      }
      case REGION_GONE -> {
        peersRegions.set(ticket, null);
        consumed();
      }
      case NAME -> {
        peersNames.add(
            new String(bytes(at, slot, length), StandardCharsets.UTF_8).intern()); // quicker to compare
        bodyRead(slot);
      }
      case SLOTS -> {
        slotsCame(at);
        consumed();
      }
      case NEED_SHORT, NEED_LONG -> {
        consumed();
        lock();
        try {
          (kind == Kind.NEED_SHORT ? shortSlots : longSlots).peerAsks();
          giveSlots();
        } finally {
          unlock();
        }
      }
      default -> {
        long number = memory.get(ValueLayout.JAVA_LONG, at + Cells.NUMBER);
        consumed();
        answerCame(kind, ticket, number);
      }
    }
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

  /** The cell is read; who waits for room is told now and then. */
  private void consumed() {
    if (reader.consumed()) {
      wakePeer();
    }
  }

  private Envelope envelope(long at, String type, long count, long place) {
    int names = Cells.high(place);
    int operation = lowOf(names);
    CollectiveCall call =
        operation == 0
            ? null
            : new CollectiveCall(
                memory.get(ValueLayout.JAVA_LONG, at + Cells.NUMBER),
                peersNames.get(operation),
                memory.get(ValueLayout.JAVA_INT, at + Cells.ROOT),
                peersNames.get(highOf(names)),
                memory.get(ValueLayout.JAVA_INT, at + Cells.CALL_COUNT));
    long who = memory.get(ValueLayout.JAVA_LONG, at + Cells.WHO);
    long what = memory.get(ValueLayout.JAVA_LONG, at + Cells.WHAT);
    return new Envelope(
        Cells.low(who), Cells.high(who), Cells.low(what), type, count, call);
  }

  /** Where the body of a cell is. */
  private static long bodyAt(long at, int slot) {
    return slot == NO_SLOT ? at + Cells.BODY : PairMemory.slotAt(slot);
  }

  private byte[] bytes(long at, int slot, int length) {
    byte[] bytes = new byte[length];
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, bodyAt(at, slot), bytes, 0, length);
    return bytes;
  }

  /** The cell and its slot are free. */
  private void bodyRead(int slot) {
    consumed();
    free(slot);
  }

  private void free(int slot) {
    if (slot != NO_SLOT) {
      lock();
      try {
        slots(slot).add(slot);
        giveSlots(slots(slot));
      } finally {
        unlock();
      }
    }
  }

  private void slotsCame(long at) {
    int number = Cells.high(memory.get(ValueLayout.JAVA_LONG, at + Cells.WHAT));
    lock();
    try {
      for (int i = 0; i < number; i++) {
        int slot = memory.get(ValueLayout.JAVA_INT, at + Cells.BODY + (long) i * Integer.BYTES);
        slots(slot).add(slot);
        slots(slot).came();
      }
    } finally {
      unlock();
    }
  }

  private void wholeCame(InSlot message) {
    try {
      world.engine().deliver(message);
    } finally {
      consumed();
      if (!message.stays) {
        free(message.slot);
      }
    }
  }

  /** A message that came whole: as long as there are slots enough it stays in its own until it is received. */
  private final class InSlot extends Whole {
    private final int slot;
    private boolean stays; // written before others see it

    InSlot(long at, int slot, Envelope envelope, int ticket, int length) {
      super(envelope, ticket, memory, bodyAt(at, slot), length);
      this.slot = slot;
    }

    @Override
    boolean stays() {
      stays = slot != NO_SLOT && mayStay(slot);
      return stays;
    }

    @Override
    public void hold() {
      boolean wasHeld = isHeld();
      super.hold();
      if (stays && !wasHeld) {
        leaves(slot);
      }
    }

    @Override
    void left() {
      if (stays && !isHeld()) {
        leaves(slot);
      }
    }
  }

  private boolean mayStay(int slot) {
    lock();
    try {
      return slots(slot).stays();
    } finally {
      unlock();
    }
  }

  private void leaves(int slot) {
    lock();
    try {
      slots(slot).leaves();
    } finally {
      unlock();
    }
    free(slot);
  }

  private FreeSlots slots(int slot) {
    return PairMemory.isShort(slot) ? shortSlots : longSlots;
  }

  /** Adds up a while before that costs an atomic step. */
  @Override
  void matchedAtOnce(long bytes) {
    matchedHere += bytes;
    if (matchedHere >= ROOM_AT / 4) {
      long some = matchedHere;
      matchedHere = 0;
      matched(some);
    }
  }

  // The end

  @Override
  void forget(List<Request<?>> requests) {
    messages.forEach(each -> requests.add(each.request()));
    messages.clear();
    replies.clear();
    ending = false;
  }
}
