package io.places.place;

import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How a place is to be started. {@code Spawn.anonymous()} is what {@code place(body)} uses.
 *
 * @param name under which other places find it on its node; null for none
 */
public record Spawn(@Nullable String name) {
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
    return new Spawn(null);
  }

  /**
   * A place that others find by (node, name). Its body receives the ends of its clients' channels: its
   * channel is a {@code PlaceChannel<Void, PlaceChannel<S, R>>}. The name is unique on the node until
   * the place has ended.
   */
  public static Spawn named(String name) {
    return new Spawn(Objects.requireNonNull(name, "name"));
  }
}
