package io.places.place;

import java.io.InputStream;
import java.io.OutputStream;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a place is to be started. Immutable; the methods answer changed copies. {@code
 * Spawn.anonymous()} is what {@code place(body)} uses: a thread, the creator's output, no input.
 *
 * @param name under which other places find it on its node; null for none
 * @param streams its standard streams; only for places of this JVM
 */
public record Spawn(@Nullable String name, Isolation isolation, CurrentPlace.Streams streams) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

  public Spawn {
    if (name != null && !NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a place's name is 1 to 64 letters, digits, '_', '.' and '-', the first a letter or digit; not '"
              + name
              + "'");
    }
  }

  /** A place that nobody can find; it gets a name for messages only. */
  public static Spawn anonymous() {
    return new Spawn(null, Isolation.THREAD, CurrentPlace.Streams.INHERITED);
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
        Objects.requireNonNull(name, "name"), Isolation.THREAD, CurrentPlace.Streams.INHERITED);
  }

  public Spawn isolation(Isolation other) {
    return new Spawn(name, other, streams);
  }

  /** With its {@code System.in}. */
  public Spawn in(InputStream stream) {
    return new Spawn(
        name, isolation, new CurrentPlace.Streams(stream, streams.out(), streams.err()));
  }

  /** With its {@code System.out}. All that it prints is there when {@link Place#join} returns. */
  public Spawn out(OutputStream stream) {
    return new Spawn(
        name, isolation, new CurrentPlace.Streams(streams.in(), stream, streams.err()));
  }

  /** With its {@code System.err}. */
  public Spawn err(OutputStream stream) {
    return new Spawn(
        name, isolation, new CurrentPlace.Streams(streams.in(), streams.out(), stream));
  }
}
