package io.places.place;

import io.places.GetTimeoutException;
import io.places.InterruptKind;
import io.places.NodeLostException;
import io.places.PlaceFailedException;
import io.places.PlaceStillRunningException;
import io.places.channel.PlaceChannel;
import io.places.event.Event;
import java.time.Duration;
import java.util.Optional;

/**
 * A started place, as its creator sees it: the creator's end of the channel to the body, and the
 * place's life.
 *
 * <p>A place ends when its body returns, throws, or calls {@link #exit}. What the body put before is
 * still got; then the channel's operations throw {@link io.places.ChannelClosedException}, with a {@link
 * PlaceFailedException} as cause if the body failed.
 *
 * <p>{@link #close} closes the channel, not the place. Its body is told when it next uses the channel, by a
 * {@link io.places.ChannelClosedException}; a body that lets this one out has ended in order, with exit
 * code 0. So {@code while (true) creator.put(answer(creator.get()))} is a whole body, and closing is how
 * its creator ends it.
 *
 * @param <S> what the creator sends and the body receives
 * @param <R> what the body sends and the creator receives
 */
public interface Place<S, R> extends PlaceChannel<S, R> {
  /** How long {@link #kill()} waits: enough for code that watches for interrupts. */
  Duration KILL_LIMIT = Duration.ofSeconds(5);

  /** The place's name: given by {@link Spawn#named}, or made from the body's class. */
  String name();

  /** The name of the node in which it runs. */
  String nodeName();

  /**
   * Waits until the place has ended and all it printed is printed.
   *
   * @return the exit code: 0 if the body returned, or ended because its creator closed the channel; 1
   *     if it threw or was killed; else what it gave to {@link #exit}
   * @throws NodeLostException if the place's node is lost: whether the body ended is unknown
   */
  int join();

  /**
   * As {@link #join()}, up to a limit.
   *
   * @throws GetTimeoutException if the place has not ended in time
   */
  int join(Duration timeout);

  /** Why the body failed; empty while it runs, or if it ended in another way. */
  Optional<PlaceFailedException> failure();

  /**
   * Ready when the place is over, after its last message has arrived; gives how it ended. In a choice
   * with {@link #receiveEvent} messages that came may still be there when this is taken, and a place
   * that ends by itself fires this rather than failing the choice by its closed channel. (A place that is
   * killed has its channel closed at once, and this is ready when its code has ended.)
   */
  Event<PlaceDeath> deadEvent();

  /**
   * Kills the place and waits until it is over: its exit code is then 1, unless it had one already. What
   * it put before is still got. Killing a place that is over does nothing.
   *
   * @throws PlaceStillRunningException if its code still runs after {@link #KILL_LIMIT}
   */
  default void kill() {
    kill(KILL_LIMIT);
  }

  /**
   * As {@link #kill()}, with another limit.
   *
   * @throws PlaceStillRunningException if its code still runs after the limit; it is fenced then: its
   *     channel is closed and its threads are interrupted
   */
  void kill(Duration limit);

  /**
   * Interrupts the body's thread: a wait in which it is, or the next one, throws {@link
   * io.places.PlaceInterruptedException} with the kind, which the body may catch to go on.
   */
  void interrupt(InterruptKind kind);

  /**
   * Has an action run when the calling place ends by itself, in the body's thread, before its channel is
   * closed: what it puts still arrives. Actions run last added first, whether the body returned, threw
   * or called {@link #exit}; one that throws makes the exit code 1, and the others run all the same.
   * They do not run if the place is killed.
   *
   * @throws IllegalStateException outside of places
   */
  static void atExit(Runnable action) {
    CurrentPlace.get()
        .orElseThrow(() -> new IllegalStateException("this thread runs in no place"))
        .atExit(action);
  }

  /**
   * Ends the calling place, from anywhere in the body's own thread. This does not return, and throws
   * nothing that a {@code catch (Exception e)} sees.
   *
   * @param code 0 to 255. As in the original places any other code counts as 0; the place's standard
   *     error says so
   */
  @SuppressWarnings("DoNotCallSuggester") // throwing is how it ends the place
  static void exit(int code) {
    if (code < 0 || code > 255) {
      System.err.println(
          "Place.exit(%d): an exit code is 0 to 255; the place ends with 0".formatted(code));
      throw new PlaceExit(0);
    }
    throw new PlaceExit(code);
  }
}
