package io.places.channel;

import io.places.Clock;
import io.places.PlacesException;
import io.places.event.EventSource;
import io.places.event.Waiter;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.concurrent.locks.Condition;
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
 * `put*` counts what was ever put (guarded by putLock), `taken*` what was ever taken (written under
 * takeLock, read by anyone); their difference is what is here, in either queue.
 *
 * Waiting takers, in the order in which they are served: threads in take() on `notEmpty`, then the
 * watchers of events. Each put wakes one. Whoever was woken and takes nothing passes it on: a thread in
 * take() always looks again before it leaves; a watcher on unwatch().
 *
 * Waiting putters set `waitingPutters` before they look at the counts; takers update the counts before
 * they look at waitingPutters: both are volatile, so one of them sees the other. They are woken when the
 * box has drained to half, so that a fast putter and a slow taker do not wake each other for every
 * message.
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
  private final Condition notEmpty = putLock.newCondition();
  private final Condition notFull = putLock.newCondition();
  private Ring<M> incoming = new Ring<>(); // guarded by putLock
  private Ring<M> outgoing = new Ring<>(); // guarded by takeLock
  private @Nullable Set<Waiter> takeWatchers; // guarded by putLock; most mailboxes never have one
  private @Nullable Set<Waiter> putWatchers; // likewise
  private volatile int waitingPutters; // written under putLock
  private volatile long putMessages; // written under putLock
  private volatile long putBytes; // likewise
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
      if (closed == null && isFull() && !waitForRoom(nanos)) {
        return false;
      }
      throwIfClosed();
      append(message);
      return true;
    } finally {
      putLock.unlock();
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

  private boolean waitForRoom(long nanos) throws InterruptedException {
    long left = nanos;
    waitingPutters++;
    try {
      while (closed == null && isFull()) {
        if (left <= 0) {
          return false;
        }
        left = clock.await(notFull, left);
      }
      return true;
    } finally {
      waitingPutters--;
    }
  }

  private void append(M message) {
    incoming.add(message);
    putMessages++;
    putBytes += weight.applyAsInt(message);
    wakeOneTaker();
  }

  private void wakeOneTaker() {
    if (putLock.hasWaiters(notEmpty)) { // those who were woken but have not run yet do not count
      notEmpty.signal();
    } else if (takeWatchers != null && !takeWatchers.isEmpty()) {
      takeWatchers.iterator().next().wake();
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
    long left = nanos;
    while (true) {
      M message = takeNow();
      if (message != null) {
        return message;
      }
      left = waitForMessage(left);
      if (left <= 0) {
        return takeNow();
      }
    }
  }

  /** Returns the nanoseconds left; zero or less if the time is over. */
  private long waitForMessage(long nanos) throws InterruptedException {
    putLock.lock();
    try {
      long left = nanos;
      while (isEmpty()) {
        throwIfClosed();
        if (nanos == Long.MAX_VALUE) {
          notEmpty.await();
        } else if (left <= 0) {
          return 0;
        } else {
          left = clock.await(notEmpty, left);
        }
      }
      return Math.max(left, 1);
    } finally {
      putLock.unlock();
    }
  }

  /**
   * Takes the next message if it is there.
   *
   * @return null if the mailbox is open and empty
   * @throws PlacesException the reason given to {@link #close}, once the mailbox is empty
   */
  public @Nullable M poll() {
    M message = takeNow();
    if (message == null && isEmpty()) {
      throwIfClosed();
    }
    return message;
  }

  private @Nullable M takeNow() {
    M message;
    takeLock.lock();
    try {
      if (outgoing.isEmpty()) {
        swap();
      }
      message = outgoing.poll();
      if (message == null) {
        return null;
      }
      takenBytes += weight.applyAsInt(message);
      takenMessages++;
    } finally {
      takeLock.unlock();
    }
    if (waitingPutters > 0 && isHalfEmpty()) {
      wakePutters();
    }
    return message;
  }

  private void swap() {
    if (isEmpty()) {
      return;
    }
    putLock.lock();
    try {
      Ring<M> full = incoming;
      incoming = outgoing;
      outgoing = full;
    } finally {
      putLock.unlock();
    }
  }

  private void wakePutters() {
    putLock.lock();
    try {
      notFull.signalAll();
      if (putWatchers != null) {
        putWatchers.forEach(Waiter::wake);
      }
    } finally {
      putLock.unlock();
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

  private boolean isHalfEmpty() {
    return putMessages - takenMessages <= messageBound / 2
        && putBytes - takenBytes <= byteBound / 2;
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
        notEmpty.signalAll();
        notFull.signalAll();
        if (takeWatchers != null) {
          takeWatchers.forEach(Waiter::wake);
        }
        if (putWatchers != null) {
          putWatchers.forEach(Waiter::wake);
        }
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
        if (takeWatchers == null) {
          takeWatchers = new LinkedHashSet<>();
        }
        takeWatchers.add(waiter);
      } finally {
        putLock.unlock();
      }
    }

    @Override
    public void unwatch(Waiter waiter) {
      putLock.lock();
      try {
        if (takeWatchers != null) {
          takeWatchers.remove(waiter);
        }
        if (!isEmpty()) {
          wakeOneTaker();
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
        if (putWatchers == null) {
          putWatchers = new LinkedHashSet<>();
        }
        putWatchers.add(waiter);
        waitingPutters++;
      } finally {
        putLock.unlock();
      }
    }

    @Override
    public void unwatch(Waiter waiter) {
      putLock.lock();
      try {
        if (putWatchers != null && putWatchers.remove(waiter)) {
          waitingPutters--;
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
}
