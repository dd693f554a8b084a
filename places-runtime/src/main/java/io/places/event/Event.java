package io.places.event;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Something to wait for, as a value: a channel's next message, the end of a place, the passing of time,
 * or a choice among these. Nothing happens, and nothing is consumed, until a thread syncs.
 *
 * <pre>{@code
 * String news =
 *     Event.sync(
 *         worker.receiveEvent().map(result -> "result " + result),
 *         worker.deadEvent().map(end -> "ended: " + end),
 *         Event.after(Duration.ofSeconds(5)).map(late -> "nothing yet"));
 * }</pre>
 *
 * <p>A sync takes exactly one event; the others lose nothing. Among those that are ready it chooses
 * fairly: each is equally likely. A closed channel is a failure: a sync throws it when nothing else is
 * ready, and not while something is. To learn of the close as a value, sync on the channel's {@code
 * closedEvent} as well.
 *
 * <p>Events are immutable and may be synced any number of times, by many threads.
 *
 * <p>After J. Reppy, <i>Concurrent Programming in ML</i>, and Racket's {@code sync}.
 *
 * @param <T> what a sync gives
 */
public abstract sealed class Event<T> permits LeafEvent, MappedEvent, ChoiceEvent {

  /** The event of a source: for those who have one to offer. */
  public static <T> Event<T> of(EventSource<T> source) {
    return new LeafEvent<>(source);
  }

  /** Always ready. */
  public static <T> Event<T> always(T value) {
    return of(new AlwaysSource<>(Objects.requireNonNull(value, "the value of Event.always")));
  }

  /** Never ready. */
  public static <T> Event<T> never() {
    return choose(List.of());
  }

  /**
   * Ready when a time has passed since the sync began; gives that time.
   *
   * @throws IllegalArgumentException if the time is negative
   */
  public static Event<Duration> after(Duration time) {
    return of(new TimeSource(time));
  }

  /** Ready when one of the events is. Choices may be nested: each leaf is equally likely. */
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read, as a list of its elements
  public static <T> Event<T> choose(Event<? extends T>... events) {
    return choose(Arrays.asList(Objects.requireNonNull(events, "events")));
  }

  /** As the other form. */
  public static <T> Event<T> choose(List<? extends Event<? extends T>> events) {
    int at = 0;
    for (Event<? extends T> event : Objects.requireNonNull(events, "events")) {
      if (event == null) {
        throw new NullPointerException("events[" + at + "]");
      }
      at++;
    }
    return new ChoiceEvent<>(List.copyOf(events));
  }

  /**
   * This event, with what it gives run through a function by the syncing thread.
   *
   * @param function must not answer null: sync throws {@link NullPointerException} then, and what was taken
   *     is lost
   */
  public final <U> Event<U> map(Function<? super T, ? extends U> function) {
    return new MappedEvent<>(this, Objects.requireNonNull(function, "function"));
  }

  /**
   * Waits until one of the events is ready, and takes it.
   *
   * @throws IllegalArgumentException if there is nothing that could ever become ready
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read, as a list of its elements
  public static <T> T sync(Event<? extends T>... events) {
    Event<T> all = choose(events);
    return new Sync<>(all.leaves()).run();
  }

  /**
   * As {@link #sync(Event[])}, up to a limit; empty if none is ready when the time is over.
   *
   * @throws IllegalArgumentException if the limit is negative
   */
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read, as a list of its elements
  public static <T> Optional<T> sync(Duration limit, Event<? extends T>... events) {
    var time = new TimeSource(Objects.requireNonNull(limit, "limit"));
    Event<T> all = choose(events);
    return new Sync<>(all.leaves()).run(time.nanos());
  }

  /** Takes one of the events that are ready now, if any is. */
  @SafeVarargs
  @SuppressWarnings("varargs") // the array is only read, as a list of its elements
  public static <T> Optional<T> poll(Event<? extends T>... events) {
    Event<T> all = choose(events);
    return new Sync<>(all.leaves()).run(0);
  }

  /** The sources that this is made of, with what becomes of their values. */
  abstract List<Leaf<?, ? extends T>> leaves();
}
