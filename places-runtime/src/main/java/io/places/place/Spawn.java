package io.places.place;

import io.places.Name;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a place is to be started. Immutable; the methods answer changed copies. {@code
 * Spawn.anonymous()} is what {@code place(body)} uses: a thread, the creator's output, no input.
 *
 * @param name under which other places find it on its node; null for none
 * @param streams its standard streams
 * @param memory the bound given to {@link #memory}; 0 for none
 * @param epoch which life of a supervised place, from 1 on; 0 for a place that nobody supervises
 */
public record Spawn(
    @Nullable String name,
    Isolation isolation,
    CurrentPlace.Streams streams,
    long memory,
    long epoch) {
  /** What a JVM with a node in it needs for itself. */
  public static final long LEAST_MEMORY = 16L << 20;

  public Spawn {
    if (name != null) {
      Name.require("a place's", name);
    }
    if (memory != 0 && memory < LEAST_MEMORY) {
      throw new IllegalArgumentException(
          "a JVM with a node in it needs %d bytes of memory for itself; it cannot be held to %d"
              .formatted(LEAST_MEMORY, memory));
    }
  }

  /** A place that nobody can find; it gets a name for messages only. */
  public static Spawn anonymous() {
    return new Spawn(null, Isolation.THREAD, CurrentPlace.Streams.INHERITED, 0, 0);
  }

  /** An anonymous place with the isolation. */
  public static Spawn isolated(Isolation isolation) {
    return anonymous().isolation(isolation);
  }

  /**
   * A place that others find by (node, name). Its body receives the ends of its clients' channels: its
   * channel is a {@code PlaceChannel<Void, PlaceChannel<S, R>>}. The name is unique on the node until
   * the place has ended.
   */
  public static Spawn named(String name) {
    return new Spawn(
        Objects.requireNonNull(name, "name"), Isolation.THREAD, CurrentPlace.Streams.INHERITED, 0, 0);
  }

  /**
   * One life of a supervised place. If its body takes clients it is found by its name as a {@link #named}
   * one is; otherwise the name is for messages only.
   */
  public static Spawn supervised(String name, long epoch) {
    if (epoch < 1) {
      throw new IllegalArgumentException("the epochs of a supervised place begin with 1, not " + epoch);
    }
    Spawn named = named(name);
    return new Spawn(name, named.isolation(), named.streams(), named.memory(), epoch);
  }

  /** As this, without the name. */
  public Spawn anonymously() {
    return new Spawn(null, isolation, streams, memory, epoch);
  }

  public Spawn isolation(Isolation other) {
    return new Spawn(name, Objects.requireNonNull(other, "isolation"), streams, memory, epoch);
  }

  /**
   * With a bound on the memory of the place and of all that it starts, for a body that may run away. Only
   * for {@link Isolation#PROCESS}: places of one JVM share its heap, so none of them can be held to a
   * part of it; asking for that is refused when the place is started.
   *
   * <p>The objects of the place's JVM take at most this much, and its shared vectors and other memory
   * outside the heap as much again; code and the stacks of threads come on top. When it is not enough,
   * the JVM ends with all places in it, as if it had crashed: their creators, and they alone, see
   * {@link io.places.NodeLostException}. So that nothing escapes the bound, no place in such a JVM may
   * launch a node or start a place with a process of its own.
   *
   * @param bytes at least {@link #LEAST_MEMORY}
   */
  public Spawn memory(long bytes) {
    if (bytes == 0) {
      throw new IllegalArgumentException("a place needs memory; 0 bytes are none");
    }
    return new Spawn(name, isolation, streams, bytes, epoch);
  }

  /** Without a bound on memory. */
  public Spawn unbounded() {
    return new Spawn(name, isolation, streams, 0, epoch);
  }

  /**
   * With its {@code System.in}; without, that is empty. A place in another JVM is sent what can be read
   * here, as it comes.
   */
  public Spawn in(InputStream stream) {
    return with(new CurrentPlace.Streams(stream, streams.out(), streams.err()));
  }

  /**
   * With its {@code System.out}; without, that is its creator's. All that it prints is there when {@link
   * Place#join} returns; from another JVM it comes line by line. A place that closes it closes it for
   * itself: the stream stays open, and its creator closes it.
   *
   * <p>Streams that are closed already are refused when the place is started, with an {@link
   * IllegalArgumentException}, as far as they tell that they are.
   */
  public Spawn out(OutputStream stream) {
    return with(new CurrentPlace.Streams(streams.in(), stream, streams.err()));
  }

  /** With its {@code System.err}, otherwise as {@link #out}. */
  public Spawn err(OutputStream stream) {
    return with(new CurrentPlace.Streams(streams.in(), streams.out(), stream));
  }

  private Spawn with(CurrentPlace.Streams other) {
    return new Spawn(name, isolation, other, memory, epoch);
  }

  /**
   * Refuses a bound on memory where it could not be held.
   *
   * @throws IllegalArgumentException if there is one
   */
  public void requireNoMemoryBound() {
    if (memory != 0) {
      throw new IllegalArgumentException(
          "a place of Isolation.%s shares the heap of its JVM, so it cannot be held to %d bytes of memory; use Isolation.PROCESS"
              .formatted(isolation, memory));
    }
  }
}
