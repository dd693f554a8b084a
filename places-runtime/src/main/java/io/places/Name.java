package io.places;

import java.util.regex.Pattern;

/** What the names of places and of nodes may be: short words that need no quoting anywhere. */
public final class Name {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,63}");

  /** Characters of a longer one that are shown to tell which it is. */
  private static final int SHOWN = 64;

  private Name() {}

  /**
   * Refuses what is no name.
   *
   * @param whose such as "a place's"
   * @throws IllegalArgumentException with what it may be
   */
  public static String require(String whose, String name) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "%s name is 1 to 64 letters, digits, '_', '.' and '-', the first a letter or digit; not '%s'%s"
              .formatted(
                  whose,
                  name.length() <= SHOWN ? name : name.substring(0, SHOWN) + "…",
                  name.length() <= SHOWN
                      ? ""
                      : ", which has %d characters: choose a shorter one".formatted(name.length())));
    }
    return name;
  }
}
