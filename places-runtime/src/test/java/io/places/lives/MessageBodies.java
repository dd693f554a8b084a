package io.places.lives;

import io.places.channel.PlaceChannel;
import io.places.message.SharedDoubles;
import io.places.message.Transfer;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Bodies that get messages of every kind and answer what they got. */
final class MessageBodies {
  private MessageBodies() {}

  enum Colour {
    RED,
    GREEN
  }

  sealed interface Shape {}

  record Dot(String name) implements Shape {}

  record Box(Shape inside, List<Shape> more) implements Shape {}

  record Pair<A, B>(A first, B second) {}

  record Tree(int value, List<Tree> children) {}

  record Values(
      Long number,
      int primitive,
      Short small,
      Byte tiny,
      Character letter,
      Boolean flag,
      Double real,
      Float single,
      String text,
      Colour colour,
      LocalDate date,
      Instant instant,
      Duration duration,
      UUID uuid,
      com.google.protobuf.Duration generated) {}

  record Collections(
      Optional<Values> maybe,
      Optional<Optional<Colour>> nested,
      List<Values> list,
      List<List<Long>> lists,
      Set<UUID> set,
      Map<String, List<Long>> map,
      Map<Colour, Pair<String, Pair<Long, Shape>>> generic,
      Shape shape,
      Tree tree) {}

  @SuppressWarnings("ArrayRecordComponent") // what is tested here
  record Arrays(
      byte[] bytes,
      double[] doubles,
      long[] longs,
      int[] ints,
      float[] floats,
      List<double[]> rows,
      Transfer<double[]> moved,
      MemorySegment slice) {}

  static void values(PlaceChannel<Values, Values> channel) {
    while (true) {
      channel.put(channel.get());
    }
  }

  static void collections(PlaceChannel<Collections, Collections> channel) {
    while (true) {
      channel.put(channel.get());
    }
  }

  static void arrays(PlaceChannel<Arrays, Arrays> channel) {
    while (true) {
      channel.put(channel.get());
    }
  }

  static void lists(PlaceChannel<List<Pair<Long, String>>, List<Pair<Long, String>>> channel) {
    while (true) {
      channel.put(channel.get());
    }
  }

  static void numbers(PlaceChannel<Long, List<Long>> channel) {
    while (true) {
      channel.put(channel.get().stream().mapToLong(number -> number).sum());
    }
  }

  static void trees(PlaceChannel<Tree, Tree> channel) {
    while (true) {
      channel.put(channel.get());
    }
  }

  record Shared(SharedDoubles vector) {}

  static void writesIndexTwo(PlaceChannel<String, Shared> channel, SharedDoubles argument) {
    while (true) {
      channel.get().vector().set(2, 2.5);
      argument.set(0, 1.5);
      channel.put("written");
    }
  }

  record Doors(List<PlaceChannel<String, Long>> doors) {}

  /** Talks through the door in its message and then gives it back. */
  static void talks(PlaceChannel<Doors, Doors> channel) {
    Doors doors = channel.get();
    PlaceChannel<String, Long> door = doors.doors().get(1);
    for (int i = 0; i < 3; i++) {
      door.put("got " + door.get());
    }
    channel.put(doors);
  }

  record Friends(List<PlaceChannel<Long, String>> friends) {}

  /** Counts for the place at the other end. */
  static void counts(PlaceChannel<String, Friends> channel) {
    PlaceChannel<Long, String> friend = channel.get().friends().getFirst();
    var heard = new StringBuilder();
    for (long i = 0; i < 3; i++) {
      friend.put(i);
      heard.append(friend.get()).append(' ');
    }
    channel.put(heard.toString());
  }
}
