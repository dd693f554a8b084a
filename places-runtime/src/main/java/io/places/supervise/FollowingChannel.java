package io.places.supervise;

import io.places.ChannelClosedException;
import io.places.GetTimeoutException;
import io.places.NodeLostException;
import io.places.PlaceInterruptedException;
import io.places.PlaceRestartedException;
import io.places.PlacesException;
import io.places.PutTimeoutException;
import io.places.channel.Asked;
import io.places.channel.PlaceChannel;
import io.places.channel.Received;
import io.places.channel.Timeouts;
import io.places.event.Event;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/*
 * Each call looks at which life is the present one. `seen` is the epoch that this end's holder knows; the
 * call that finds a later one says so instead of doing anything, so nothing that was meant for one life
 * reaches another unnoticed. A call that is under way when a life ends fails as on any channel, at once;
 * one that comes between two lives waits for the next.
 *
 * What a life has put before it ended is still got, until the next life is there.
 */
/** An end that leads to whichever life of a supervised place is the present one. */
final class FollowingChannel<S, R> implements PlaceChannel<S, R> {
  /**
   * From the end of a place's channel to the news of its own end: the switch of a thread. Only a body that
   * closes its channel and goes on makes anybody wait this long.
   */
  private static final Duration NEWS_LIMIT = Duration.ofSeconds(1);

  private final Lives<? extends PlaceChannel<S, R>> lives;
  private final AtomicLong seen;
  private volatile boolean closed;

  FollowingChannel(Lives<? extends PlaceChannel<S, R>> lives) {
    this.lives = lives;
    this.seen = new AtomicLong(lives.now().epoch());
  }

  @Override
  public void put(S message, Duration timeout) {
    Lives.Now<? extends PlaceChannel<S, R>> up = upForSending(timeout);
    call(
        up,
        () -> {
          up.life().put(message, timeout);
          return true;
        });
  }

  @Override
  public boolean offer(S message) {
    Lives.Now<? extends PlaceChannel<S, R>> now = known();
    return !now.ended() && call(now, () -> now.life().offer(message));
  }

  @Override
  public R ask(S question, Duration timeout) {
    Lives.Now<? extends PlaceChannel<S, R>> up = upForSending(timeout);
    return call(up, () -> up.life().ask(question, timeout));
  }

  @Override
  public Asked<R> pose(S question, Duration timeout) {
    Lives.Now<? extends PlaceChannel<S, R>> up = upForSending(timeout);
    Asked<R> asked = call(up, () -> up.life().pose(question, timeout));
    return new Asked<>() {
      @Override
      public R answer(Duration limit) {
        return call(up, () -> asked.answer(limit));
      }

      @Override
      public void close() {
        asked.close();
      }
    };
  }

  @Override
  public CompletableFuture<R> askAsync(S question, Duration timeout) {
    Lives.Now<? extends PlaceChannel<S, R>> up = upForSending(timeout);
    return call(up, () -> up.life().askAsync(question, timeout));
  }

  @Override
  public Received<R, S> receive() {
    Lives.Now<? extends PlaceChannel<S, R>> up = up(Long.MAX_VALUE).orElseThrow();
    return call(up, () -> up.life().receive());
  }

  /** Of the present life. */
  @Override
  public long lateAnswers() {
    return lives.now().life().lateAnswers();
  }

  private Lives.Now<? extends PlaceChannel<S, R>> upForSending(Duration timeout) {
    return up(Timeouts.nanos(timeout))
        .orElseThrow(
            () ->
                new PutTimeoutException(
                    "%s is down and was not started anew within %s; nothing was sent"
                        .formatted(lives.what(), Words.of(timeout))));
  }

  @Override
  public R get() {
    Optional<R> left = left();
    if (left.isPresent()) {
      return left.get();
    }
    Lives.Now<? extends PlaceChannel<S, R>> up = up(Long.MAX_VALUE).orElseThrow();
    return call(up, () -> up.life().get());
  }

  @Override
  public R get(Duration timeout) {
    Optional<R> left = left();
    if (left.isPresent()) {
      return left.get();
    }
    Lives.Now<? extends PlaceChannel<S, R>> up =
        up(Timeouts.nanos(timeout))
            .orElseThrow(
                () ->
                    new GetTimeoutException(
                        "%s is down and was not started anew within %s"
                            .formatted(lives.what(), Words.of(timeout))));
    return call(up, () -> up.life().get(timeout));
  }

  /** A call that fails with its life ends after that is known here: the next call waits for the next life. */
  private <T> T call(Lives.Now<?> on, Supplier<T> call) {
    try {
      return call.get();
    } catch (ChannelClosedException | NodeLostException e) {
      try {
        lives.awaitEnd(on.epoch(), NEWS_LIMIT.toNanos());
      } catch (InterruptedException interrupt) {
        Thread.currentThread().interrupt();
      }
      throw e;
    }
  }

  @Override
  public Optional<R> poll() {
    Lives.Now<? extends PlaceChannel<S, R>> now = known();
    return now.ended() ? leftBy(now.life()) : now.life().poll();
  }

  @Override
  public Event<R> receiveEvent() {
    return known().life().receiveEvent();
  }

  /** Of the present life. */
  @Override
  public Event<PlacesException> closedEvent() {
    return known().life().closedEvent();
  }

  @Override
  public Event<Boolean> creditEvent() {
    return known().life().creditEvent();
  }

  /** What a life that is over has put and nobody has got. */
  private Optional<R> left() {
    Lives.Now<? extends PlaceChannel<S, R>> now = known();
    return now.ended() ? leftBy(now.life()) : Optional.empty();
  }

  private static <R> Optional<R> leftBy(PlaceChannel<?, R> ended) {
    try {
      return ended.poll();
    } catch (PlacesException e) {
      return Optional.empty(); // it has left nothing more
    }
  }

  /** The last life that began, over or not; says so if the holder has not heard of it. */
  private Lives.Now<? extends PlaceChannel<S, R>> known() {
    if (closed) {
      throw new ChannelClosedException(
          "this end of the channel to %s was closed".formatted(lives.what()));
    }
    Lives.Now<? extends PlaceChannel<S, R>> now = lives.now();
    long before = seen.get();
    if (now.epoch() > before && seen.compareAndSet(before, now.epoch())) {
      throw new PlaceRestartedException(
          "%s was started anew and is in epoch %d; epoch %d was the last seen here: what it knew is lost, and unknown whether what was under way was done"
              .formatted(lives.what(), now.epoch(), before),
          now.epoch());
    }
    return now;
  }

  /** A life that is not over; waits for one. Empty if there is none in time. */
  private Optional<Lives.Now<? extends PlaceChannel<S, R>>> up(long nanos) {
    while (true) {
      Lives.Now<? extends PlaceChannel<S, R>> now = known();
      if (!now.ended()) {
        return Optional.of(now);
      }
      if (now.over() != null) {
        throw now.over().get();
      }
      if (!awaitChange(now.epoch(), nanos)) {
        return Optional.empty();
      }
    }
  }

  private boolean awaitChange(long epoch, long nanos) {
    try {
      Lives.Now<?> next = lives.after(epoch, nanos);
      return next.epoch() > epoch || next.over() != null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException(
          "interrupted while waiting until %s is started anew".formatted(lives.what()), e);
    }
  }

  /** Closes this end; the place goes on. */
  @Override
  public void close() {
    closed = true;
  }

  @Override
  public String toString() {
    return "channel to " + lives.what();
  }
}
