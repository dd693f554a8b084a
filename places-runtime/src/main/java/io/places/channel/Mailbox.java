package io.places.channel;

import io.places.Clock;
import io.places.PlacesException;
import io.places.event.EventSource;
import io.places.event.Waiter;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/*
 * What has arrived on one end of a channel and was not got yet; bounded by messages and bytes, which is
 * the credit of whoever puts.
 *
 * Two queues, two locks. Putters append to `incoming` under `putLock`; takers take from `outgoing` under
 * `takeLock`, and when that is empty swap the two under both (always in the order takeLock, putLock). So
 * a putter and a taker that are both busy meet once a batch, not once a message. Two lists of two
 * generations of messages: the order is kept, since incoming is younger than all of outgoing.
 *
 * `put*` counts what was ever put (written under putLock), `taken*` what was ever taken (written under
 * takeLock); their difference is what is here, in either queue. Anyone reads them, messages before bytes.
 *
 * Those who wait for a message, threads in take() and watchers of events alike, stand in one line,
 * `takers`. Each put calls the first of them out of it. So, while somebody stands in the line, there are
 * at least as many called that have not looked yet as there are messages: takers join the line only when
 * nothing is here (watchers look again after that), and whoever was called and leaves without a message
 * calls the next one if something is still here.
 *
 * Those who wait for room stand in `putters`. They say so in `puttersWait` before they look at the counts;
 * takers write takenMessages before they look at puttersWait: both are volatile, so one of them sees the
 * other. Each take calls one; a putter that leaves calls the next if there still is room. Callers run on
 * meanwhile, so a fast taker frees room for many messages until the putter runs. Waiting until the box is
 * half empty would save calls, but strand a putter whose taker pauses above that.
 */
/**
 * A bounded queue of messages that takers wait for, alone or among other events.
 *
 * <p>Safe for use by many threads; each message goes to exactly one taker.
 *
 * @param <M> what is kept: messages as they are, or their encoding
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // each counter is written under one lock only
public final class Mailbox<M> {
  private final Clock clock;
  private final ToIntFunction<? super M> weight;
  private final long messageBound;
  private final long byteBound;

  private final ReentrantLock takeLock = new ReentrantLock();
  private final ReentrantLock putLock = new ReentrantLock();
  private Ring<M> incoming = new Ring<>(); // guarded by putLock
  private Ring<M> outgoing = new Ring<>(); // guarded by takeLock
  private @Nullable Queue<Waiter> takers; // guarded by putLock; most mailboxes never have one
  private @Nullable Queue<Waiter> putters; // likewise
  private volatile boolean puttersWait; // written under putLock
  private volatile long putMessages; // written under putLock
  private volatile long putBytes; // likewise
  private long seenTakenMessages; // guarded by putLock: as last seen by a putter
  private long seenTakenBytes; // likewise
  private volatile long takenMessages; // written under takeLock
  private volatile long takenBytes; // likewise
  private volatile @Nullable Supplier<PlacesException> closed; // written under putLock

  /**
   * Makes an empty mailbox. At its bounds no more is put, but the last message may exceed the bytes.
   *
   * @param weight what a message counts against the bytes; constant time, the same each time
   */
  public Mailbox(
      Clock clock, ToIntFunction<? super M> weight, long messageBound, long byteBound) {
    this.clock = clock;
    this.weight = weight;
    this.messageBound = messageBound;
    this.byteBound = byteBound;
  }

  /**
   * Adds a message; waits for room, not at all if {@code nanos} is 0.
   *
   * @return false if there was no room in time
   * @throws PlacesException the reason given to {@link #close}
   */
  public boolean put(M message, long nanos) throws InterruptedException {
    putLock.lock();
    try {
      throwIfClosed();
      if (hasRoom()) {
        append(message);
        return true;
      }
    } finally {
      putLock.unlock();
    }
    return nanos > 0 && waitAndPut(message, nanos);
  }

  /** Looks at what takers write only when there was no room last time: they write it all the time. */
  private boolean hasRoom() {
    if (putMessages - seenTakenMessages < messageBound && putBytes - seenTakenBytes < byteBound) {
      return true;
    }
    seenTakenMessages = takenMessages;
    seenTakenBytes = takenBytes;
    return !isFull();
  }

  private boolean waitAndPut(M message, long nanos) throws InterruptedException {
    var waiter = new Waiter(clock);
    long left = nanos;
    while (!putOrJoin(message, waiter)) {
      left = awaitRoom(waiter, left);
      if (left <= 0) {
        return put(message, 0);
      }
    }
    return true;
  }

  /** Adds the message, or has the waiter called when there is room. */
  private boolean putOrJoin(M message, Waiter waiter) {
    putLock.lock();
    try {
      throwIfClosed();
      joinPutters(waiter);
      if (isFull()) {
        return false;
      }
      leavePutters(waiter);
      append(message);
      callPutterIfRoom();
      return true;
    } finally {
      putLock.unlock();
    }
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

  /** Adds a message, whatever the bounds. Dropped if the mailbox is closed. */
  public void deliver(M message) {
    putLock.lock();
    try {
      if (closed == null) {
        append(message);
      }
    } finally {
      putLock.unlock();
    }
  }

  private void append(M message) {
    incoming.add(message);
    int bytes = weight.applyAsInt(message);
    if (bytes != 0) { // spares most messages a volatile write
      putBytes += bytes;
    }
    putMessages++;
    callOne(takers);
  }

  /** One who is awake already looks by itself, here or elsewhere, and calls the next when it leaves. */
  private static void callOne(@Nullable Queue<Waiter> line) {
    if (line == null) {
      return;
    }
    Waiter first = line.poll();
    while (first != null && !first.wake()) {
      first = line.poll();
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
    if (takers == null) {
      takers = newLine();
    }
    takers.add(waiter);
  }

  private void joinPutters(Waiter waiter) {
    if (putters == null) {
      putters = newLine();
    }
    putters.add(waiter);
    puttersWait = true;
  }

  private void leavePutters(Waiter waiter) {
    if (putters != null) {
      putters.remove(waiter);
      puttersWait = !putters.isEmpty();
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
    putLock.lock();
    try {
      if (!isEmpty() || closed != null) {
        return false;
      }
      joinTakers(waiter);
      return true;
    } finally {
      putLock.unlock();
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
    takeLock.lock();
    try {
      message = outgoing.poll();
      if (message == null) {
        if (isEmpty()) {
          return null;
        }
        swap();
        message = outgoing.poll();
      }
      if (message == null) {
        throw new AssertionError("the counts say there is a message, but there is none");
      }
      int bytes = weight.applyAsInt(message);
      if (bytes != 0) {
        takenBytes += bytes;
      }
      takenMessages++;
    } finally {
      takeLock.unlock();
    }
    if (puttersWait && !isFull()) {
      putLock.lock();
      try {
        callPutterIfRoom();
      } finally {
        putLock.unlock();
      }
    }
    return message;
  }

  private void swap() {
    putLock.lock();
    try {
      Ring<M> full = incoming;
      incoming = outgoing;
      outgoing = full;
    } finally {
      putLock.unlock();
    }
  }

  private void callPutterIfRoom() {
    if (puttersWait && !isFull()) {
      callOne(putters);
      puttersWait = putters != null && !putters.isEmpty();
    }
  }

  /** What is here and was not taken. */
  public int size() {
    return (int) (putMessages - takenMessages);
  }

  private boolean isEmpty() {
    return putMessages == takenMessages;
  }

  private boolean isFull() {
    return putMessages - takenMessages >= messageBound || putBytes - takenBytes >= byteBound;
  }

  /**
   * Lets takers have what is there, then fail with the reason; putters fail at once. The first reason
   * counts.
   *
   * @param reason made anew for each who fails, so that each sees its own stack
   */
  public void close(Supplier<PlacesException> reason) {
    putLock.lock();
    try {
      if (closed == null) {
        closed = reason;
        callAll(takers);
        callAll(putters);
        puttersWait = false;
      }
    } finally {
      putLock.unlock();
    }
  }

  /** Closes and drops what is there. */
  public void discard(Supplier<PlacesException> reason) {
    close(reason);
    takeLock.lock();
    try {
      putLock.lock();
      try {
        incoming.clear();
        outgoing.clear();
        takenMessages = putMessages;
        takenBytes = putBytes;
      } finally {
        putLock.unlock();
      }
    } finally {
      takeLock.unlock();
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
      putLock.lock();
      try {
        joinTakers(waiter);
      } finally {
        putLock.unlock();
      }
    }

    @Override
    public void unwatch(Waiter waiter) {
      putLock.lock();
      try {
        if (takers != null) {
          takers.remove(waiter);
        }
        if (!isEmpty()) {
          callOne(takers);
        }
      } finally {
        putLock.unlock();
      }
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
      putLock.lock();
      try {
        joinPutters(waiter);
      } finally {
        putLock.unlock();
      }
    }

    @Override
    public void unwatch(Waiter waiter) {
      putLock.lock();
      try {
        leavePutters(waiter);
        callPutterIfRoom();
      } finally {
        putLock.unlock();
      }
    }

    @Override
    public Clock clock() {
      return clock;
    }
  }
}
