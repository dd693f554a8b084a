package io.places.lives;

import io.places.channel.PlaceChannel;
import io.places.message.Transfer;
import io.places.place.Place;
import io.places.place.PlaceBody;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Bodies and messages that are right, and some that are wrong. */
final class BadInputBodies {
  private BadInputBodies() {}

  /** A line whose note may be anything, as far as the compiler knows. */
  record Line<T>(@Nullable T note, int count) {}

  @SuppressWarnings("NullableOptional") // is refused
  record Order(
      long id,
      @Nullable List<Line<String>> lines,
      @Nullable Optional<String> comment,
      @Nullable Map<String, Long> amounts,
      List<Tree> trees) {
    static final Order EMPTY = new Order(1, List.of(), Optional.empty(), Map.of(), List.of());

    Order lines(@Nullable List<Line<String>> other) {
      return new Order(id, other, comment, amounts, trees);
    }
  }

  record Tree(List<Tree> children) {}

  static void orders(PlaceChannel<Long, Order> channel) {
    while (true) {
      channel.put(channel.get().id());
    }
  }

  static void lengths(PlaceChannel<Integer, byte[]> channel) {
    while (true) {
      channel.put(channel.get().length);
    }
  }

  record Block(String name, Transfer<double[]> values) {}

  static void sums(PlaceChannel<Double, Block> channel) {
    while (true) {
      double sum = 0;
      for (double value : channel.get().values().take()) {
        sum += value;
      }
      channel.put(sum);
    }
  }

  record Blocks(List<Transfer<double[]>> values) {}

  static void blocks(PlaceChannel<Integer, Blocks> channel) {
    while (true) {
      channel.put(channel.get().values().size());
    }
  }

  static void exits(PlaceChannel<Void, Void> channel, Integer code) {
    Place.exit(code);
  }

  static void arguments(PlaceChannel<Integer, Void> channel, String word, Order order) {
    channel.put(word.length());
  }

  record Deep(Map<String, List<Line<Function<String, String>>>> lines) {}

  static void takesDeep(PlaceChannel<Void, Deep> channel) {
    channel.get();
  }

  static void raw(@SuppressWarnings("rawtypes") PlaceChannel channel) {
    channel.get();
  }

  static void overloaded(PlaceChannel<String, String> channel) {
    channel.get();
  }

  static void overloaded(PlaceChannel<String, String> channel, String word) {
    channel.put(word);
  }

  void ofAnObject(PlaceChannel<String, String> channel) {
    channel.get();
  }

  static BadInputBodies make() {
    return new BadInputBodies();
  }

  /** Needs something that only its creator has. */
  static final class NoDefault implements PlaceBody<String, String> {
    private static final long serialVersionUID = 1L;
    private final transient Object needed;

    NoDefault(Object needed) {
      this.needed = needed;
    }

    @Override
    public void run(PlaceChannel<String, String> channel) {
      throw new AssertionError(needed);
    }
  }

  abstract static class Unfinished implements PlaceBody<String, String> {
    private static final long serialVersionUID = 1L;
  }

  /** Is in another object, which has a count. */
  final class Inner implements PlaceBody<Integer, String> {
    private static final long serialVersionUID = 1L;

    @Override
    public void run(PlaceChannel<Integer, String> channel) {
      channel.put(BadInputBodies.this.hashCode());
    }
  }

  static final class NoBody {}
}
