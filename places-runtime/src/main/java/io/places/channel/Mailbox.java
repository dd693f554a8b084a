package io.places.channel;

import io.places.Clock;
import io.places.PlacesException;
import io.places.event.EventSource;
import io.places.event.Patience;
import io.places.event.Waiter;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/*
 * What has arrived on one end of a channel and was not got yet; bounded by messages and bytes, which is
 * the credit of whoever puts.
 *
 * Putters lock one side of the queue, takers the other: a putter and a taker never wait for each other.
 * Each side counts what went through it; the difference is what is here. Anyone reads the counts: those of
 * the takers first, then those of the putters, so that never more seems taken than put.
 *
 * Who waits looks for a while whether what it waits for comes (see Patience), then stands in a line and
 * parks. The lines belong to the putters' lock.
 *
 * Those who wait for a message, threads in take() and watchers of events alike, stand in one line,
 * `waitingTakers`. Each put calls the first of them out of it. So, while somebody stands in the line, there
 * are at least as many called that have not looked yet as there are messages: takers join the line only
 * when nothing is here (watchers look again after that), and whoever was called and leaves without a
 * message calls the next one if something is still here.
 *
 * Those who wait for room stand in `waitingPutters`. They say so in `puttersWait` before they look at the
 * takers' count; takers count before they look at puttersWait: both are volatile, so one of them sees the
 * other. Each take calls one; a putter that leaves calls the next if there still is room. Callers run on
 * meanwhile, so a fast taker frees room for many messages until the putter runs. Waiting until the box is
 * half empty would save calls, but strand a putter whose taker pauses above that.
 *
 * Whoever is called and parked is resumed after the lock is left: else it would run into the lock.
 */
/**
 * A bounded queue of messages that takers wait for, alone or among other events.
 *
 * <p>Safe for use by many threads; each message goes to exactly one taker.
 *
 * @param <M> what is kept: messages as they are, or their encoding
 */
public final class Mailbox<M> {
  /** A putter that found no room looks for this part of the bound, so as to put many at once. */
  private static final int ROOMY = 8;

  private final Clock clock;
  private final ToIntFunction<? super M> weight;
  private final int messageBound;
  private final long byteBound;

  private volatile boolean puttersWait; // written under putters
  private volatile @Nullable Supplier<PlacesException> closed; // written under putters
  private final Side putters = new Side.Apart();
  private final Side takers = new Side();
  private @Nullable Queue<Waiter> waitingTakers; // guarded by putters; most mailboxes never have one
  private @Nullable Queue<Waiter> waitingPutters; // likewise
  private @Nullable Patience takersPatience; // made for the first that waits
  private @Nullable Patience puttersPatience; // likewise
  private long seenTakenMessages; // guarded by putters: as last seen by a putter
  private long seenTakenBytes; // likewise

  /**
   * Makes an empty mailbox. At its bounds no more is put, but the last message may exceed the bytes.
   *
   * @param weight what a message counts against the bytes; constant time, the same each time
   */
  public Mailbox(
      Clock clock, ToIntFunction<? super M> weight, int messageBound, long byteBound) {
    this.clock = clock;
    this.weight = weight;
    this.messageBound = messageBound;
    this.byteBound = byteBound;
    Side.connect(putters, takers);
  }

  /**
   * Adds a message; waits for room, not at all if {@code nanos} is 0.
   *
   * @return false if there was no room in time
   * @throws PlacesException the reason given to {@link #close}
   */
  public boolean put(M message, long nanos) throws InterruptedException {
    return putNow(message) || (nanos > 0 && waitAndPut(message, nanos));
  }

  private boolean putNow(M message) {
    Waiter called;
    synchronized (putters) {
      throwIfClosed();
      if (!hasRoom()) {
        return false;
      }
      called = append(message);
    }
    resume(called);
    return true;
  }

  /** Looks at what takers write only when there was no room last time: they write it all the time. */
  private boolean hasRoom() {
    if (fits(seenTakenMessages, seenTakenBytes)) {
      return true;
    }
    seenTakenMessages = takers.messages();
    seenTakenBytes = takers.bytes();
    return fits(seenTakenMessages, seenTakenBytes);
  }

  private boolean fits(long takenMessages, long takenBytes) {
    return putters.messages() - takenMessages < messageBound
        && putters.bytes() - takenBytes < byteBound;
  }

  private boolean waitAndPut(M message, long nanos) throws InterruptedException {
    patienceOfPutters().until(this::isRoomy);
    if (putNow(message)) {
      return true;
    }
    var waiter = new Waiter(clock);
    long left = nanos;
    while (!putOrJoin(message, waiter)) {
      left = awaitRoom(waiter, left);
      if (left <= 0) {
        return putNow(message);
      }
    }
    return true;
  }

  private Patience patienceOfTakers() {
    Patience patience = takersPatience;
    if (patience == null) {
      patience = new Patience();
      takersPatience = patience;
    }
    return patience;
  }

  private Patience patienceOfPutters() {
    Patience patience = puttersPatience;
    if (patience == null) {
      patience = new Patience();
      puttersPatience = patience;
    }
    return patience;
  }

  private boolean isRoomy() {
    return closed != null
        || (size() <= messageBound - messageBound / ROOMY
            && bytes() <= byteBound - byteBound / ROOMY);
  }

  /** Adds the message, or has the waiter called when there is room. */
  private boolean putOrJoin(M message, Waiter waiter) {
    Waiter calledTaker;
    Waiter calledPutter;
    synchronized (putters) {
      throwIfClosed();
      joinPutters(waiter);
      if (isFull()) {
        return false;
      }
      leavePutters(waiter);
      calledTaker = append(message);
      calledPutter = callPutterIfRoom();
    }
    resume(calledTaker);
    resume(calledPutter);
    return true;
  }

  private long awaitRoom(Waiter waiter, long nanos) throws InterruptedException {
    long left = 0;
    try {
      left = waiter.await(nanos);
      return left;
    } finally {
      if (left <= 0) {
        room().unwatch(waiter);
      }
    }
  }

  /** Adds a message, whatever the bounds; false if the mailbox is closed: then it is not added. */
  public boolean deliver(M message) {
    Waiter called;
    synchronized (putters) {
      if (closed != null) {
        return false;
      }
      called = append(message);
    }
    resume(called);
    return true;
  }

  /** Answers who is to be resumed when the lock is left. */
  private @Nullable Waiter append(M message) {
    putters.add(message, weight.applyAsInt(message));
    return callOne(waitingTakers);
  }

  /** One who is awake already looks by itself, here or elsewhere, and calls the next when it leaves. */
  private static @Nullable Waiter callOne(@Nullable Queue<Waiter> line) {
    Waiter first = line == null ? null : line.poll();
    while (line != null && first != null) {
      switch (first.call()) {
        case PARKED -> {
          return first;
        }
        case RUNNING -> {
          return null;
        }
        case TWICE -> first = line.poll();
      }
    }
    return null;
  }

  private static void resume(@Nullable Waiter called) {
    if (called != null) {
      called.resume();
    }
  }

  private static void callAll(@Nullable Queue<Waiter> line) {
    if (line != null) {
      line.forEach(Waiter::wake);
      line.clear();
    }
  }

  /** Small at first: there may be hundreds of thousands of them, most with one in it. */
  private static Queue<Waiter> newLine() {
    return new ArrayDeque<>(1);
  }

  private void joinTakers(Waiter waiter) {
    if (waitingTakers == null) {
      waitingTakers = newLine();
    }
    waitingTakers.add(waiter);
  }

  private void joinPutters(Waiter waiter) {
    if (waitingPutters == null) {
      waitingPutters = newLine();
    }
    waitingPutters.add(waiter);
    puttersWait = true;
  }

  private void leavePutters(Waiter waiter) {
    if (waitingPutters != null) {
      waitingPutters.remove(waiter);
      puttersWait = !waitingPutters.isEmpty();
    }
  }

  /**
   * Takes the next message; waits for it.
   *
   * @param nanos the longest to wait; {@link Long#MAX_VALUE} for as long as the mailbox is open
   * @return the message; null if the time is over
   * @throws PlacesException the reason given to {@link #close}, once the mailbox is empty
   */
  public @Nullable M take(long nanos) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    M message = poll();
    return message != null || nanos <= 0 ? message : waitAndTake(nanos);
  }

  private @Nullable M waitAndTake(long nanos) throws InterruptedException {
    if (patienceOfTakers().until(() -> takers.seesMessage() || closed != null)) {
      M message = poll();
      if (message != null) {
        return message;
      }
    }
    var waiter = new Waiter(clock);
    long left = nanos;
    while (true) {
      if (joinUnlessOccupied(waiter)) {
        left = awaitMessage(waiter, left);
      }
      M message = poll();
      if (message != null || left <= 0) {
        return message;
      }
    }
  }

  private boolean joinUnlessOccupied(Waiter waiter) {
    synchronized (putters) {
      if (!isEmpty() || closed != null) {
        return false;
      }
      joinTakers(waiter);
      return true;
    }
  }

  private long awaitMessage(Waiter waiter, long nanos) throws InterruptedException {
    long left = 0;
    try {
      left = waiter.await(nanos);
      return left;
    } finally {
      if (left <= 0) {
        arrivals().unwatch(waiter);
      }
    }
  }

  /**
   * Takes the next message if it is there.
   *
   * @return null if the mailbox is open and empty
   * @throws PlacesException the reason given to {@link #close}, once the mailbox is empty
   */
  public @Nullable M poll() {
    Supplier<PlacesException> reason = closed; // read first: nothing is put after it
    M message = takeNow();
    if (message == null && reason != null) {
      throw reason.get();
    }
    return message;
  }

  private @Nullable M takeNow() {
    M message;
    synchronized (takers) {
      message = next();
      if (message == null) {
        return null;
      }
      takers.remove(weight.applyAsInt(message));
    }
    if (puttersWait && !isFull()) {
      Waiter called;
      synchronized (putters) {
        called = callPutterIfRoom();
      }
      resume(called);
    }
    return message;
  }

  @SuppressWarnings("unchecked") // only M goes in
  private @Nullable M next() {
    return (M) takers.peek();
  }

  /** Answers who is to be resumed when the lock is left. */
  private @Nullable Waiter callPutterIfRoom() {
    if (!puttersWait || isFull()) {
      return null;
    }
    Waiter called = callOne(waitingPutters);
    puttersWait = waitingPutters != null && !waitingPutters.isEmpty();
    return called;
  }

  /** What is here and was not taken. */
  public int size() {
    long taken = takers.messages();
    return (int) (putters.messages() - taken);
  }

  /** What these count together. */
  public long bytes() {
    long taken = takers.bytes();
    return putters.bytes() - taken;
  }

  private boolean isEmpty() {
    return size() == 0;
  }

  private boolean isFull() {
    long takenMessages = takers.messages();
    return !fits(takenMessages, takers.bytes());
  }

  /**
   * Lets takers have what is there, then fail with the reason; putters fail at once. The first reason
   * counts.
   *
   * @param reason made anew for each who fails, so that each sees its own stack
   */
  public void close(Supplier<PlacesException> reason) {
    synchronized (putters) {
      if (closed == null) {
        closed = reason;
        callAll(waitingTakers);
        callAll(waitingPutters);
        puttersWait = false;
      }
    }
  }

  /** Closes and drops what is there. */
  public void discard(Supplier<PlacesException> reason) {
    close(reason);
    synchronized (takers) {
      synchronized (putters) {
        Side.connect(putters, takers);
      }
    }
  }

  private void throwIfClosed() {
    Supplier<PlacesException> reason = closed;
    if (reason != null) {
      throw reason.get();
    }
  }

  /** The next message, or the close, as a source of events. */
  public EventSource<M> arrivals() {
    return new Arrivals();
  }

  /** Room for one more message, or the close, as a source of events. */
  public EventSource<Boolean> room() {
    return new Room();
  }

  private final class Arrivals implements EventSource<M> {
    @Override
    public boolean isReady() {
      return !isEmpty() || closed != null;
    }

    @Override
    public boolean take(Consumer<? super M> taken) {
      M message = poll();
      if (message != null) {
        taken.accept(message);
      }
      return message != null;
    }

    @Override
    public void watch(Waiter waiter) {
      synchronized (putters) {
        joinTakers(waiter);
      }
    }

    @Override
    public void unwatch(Waiter waiter) {
      Waiter called;
      synchronized (putters) {
        if (waitingTakers != null) {
          waitingTakers.remove(waiter);
        }
        called = isEmpty() ? null : callOne(waitingTakers);
      }
      resume(called);
    }

    @Override
    public Clock clock() {
      return clock;
    }
  }

  private final class Room implements EventSource<Boolean> {
    @Override
    public boolean isReady() {
      return !isFull() || closed != null;
    }

    @Override
    public boolean take(Consumer<? super Boolean> taken) {
      throwIfClosed();
      if (isFull()) {
        return false;
      }
      taken.accept(true);
      return true;
    }

    @Override
    public void watch(Waiter waiter) {
      synchronized (putters) {
        joinPutters(waiter);
      }
    }

    @Override
    public void unwatch(Waiter waiter) {
      Waiter called;
      synchronized (putters) {
        leavePutters(waiter);
        called = callPutterIfRoom();
      }
      resume(called);
    }

    @Override
    public Clock clock() {
      return clock;
    }
  }
}
