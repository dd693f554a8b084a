package io.places.place;

import io.places.Clock;
import io.places.GetTimeoutException;
import io.places.PlaceFailedException;
import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import io.places.channel.Timeouts;
import io.places.event.Event;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The creator's view of a place, wherever that runs: whoever runs it says when it has ended. */
public final class PlaceHandle<S, R> implements Place<S, R> {
  private volatile String name;
  private final String nodeName;
  private final PlaceChannel<S, R> channel;
  private final Clock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition over = lock.newCondition();
  private @Nullable PlaceEnd end;
  private @Nullable Supplier<PlacesException> lost;

  public PlaceHandle(String name, String nodeName, PlaceChannel<S, R> channel, Clock clock) {
    this.name = name;
    this.nodeName = nodeName;
    this.channel = channel;
    this.clock = clock;
  }

  /** Its node has given it its name. */
  public void rename(String given) {
    name = given;
  }

  /** The place has ended, and everything from it has arrived. */
  public void ended(PlaceEnd how) {
    lock.lock();
    try {
      if (end == null && lost == null) {
        end = how;
        over.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /** How the place ended will never be known. */
  public void lost(Supplier<PlacesException> reason) {
    lock.lock();
    try {
      if (end == null && lost == null) {
        lost = reason;
        over.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public String nodeName() {
    return nodeName;
  }

  @Override
  public int join() {
    return await(Long.MAX_VALUE).exitCode();
  }

  @Override
  public int join(Duration timeout) {
    PlaceEnd how = await(Timeouts.nanos(timeout));
    return how.exitCode();
  }

  private PlaceEnd await(long nanos) {
    lock.lock();
    try {
      long left = nanos;
      while (end == null) {
        if (lost != null) {
          throw lost.get();
        }
        if (nanos == Long.MAX_VALUE) {
          over.await();
        } else if (left <= 0) {
          throw new GetTimeoutException(
              "%s has not ended within %s".formatted(this, Duration.ofNanos(nanos)));
        } else {
          left = clock.await(over, left);
        }
      }
      return end;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException("interrupted while waiting for the end of " + this, e);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public Optional<PlaceFailedException> failure() {
    lock.lock();
    try {
      return end == null ? Optional.empty() : Optional.ofNullable(end.failure());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void put(S message, Duration timeout) {
    channel.put(message, timeout);
  }

  @Override
  public boolean offer(S message) {
    return channel.offer(message);
  }

  @Override
  public R get() {
    return channel.get();
  }

  @Override
  public R get(Duration timeout) {
    return channel.get(timeout);
  }

  @Override
  public Optional<R> poll() {
    return channel.poll();
  }

  @Override
  public R ask(S question, Duration timeout) {
    return channel.ask(question, timeout);
  }

  @Override
  public Event<R> receiveEvent() {
    return channel.receiveEvent();
  }

  @Override
  public Event<Boolean> creditEvent() {
    return channel.creditEvent();
  }

  @Override
  public void close() {
    channel.close();
  }

  @Override
  public String toString() {
    return "place %s on node %s".formatted(name, nodeName);
  }
}
