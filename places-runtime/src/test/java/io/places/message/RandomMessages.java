package io.places.message;

import java.lang.reflect.Array;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Types put together at random from generic building blocks, and values of them. */
final class RandomMessages {
  enum Colour {
    RED,
    GREEN,
    BLUE
  }

  record Pair<A, B>(A first, B second) {}

  record Triple<A, B, C>(@Field(100) A fixed, B byPlace, @Field(1) C early) {}

  record Tree<T>(T value, List<Tree<T>> children) {}

  sealed interface Result<T> {}

  record Success<T>(T value) implements Result<T> {}

  @Field(77)
  record Failure<T>(String reason, Optional<T> partial) implements Result<T> {}

  record Nothing<T>() implements Result<T> {}

  record Primitives(
      long l, int i, short s, byte b, char c, boolean z, double d, float f, String text) {}

  @SuppressWarnings("ArrayRecordComponent") // messages may hold arrays; same() compares them
  record Arrays4(double[] doubles, long[] longs, int[] ints, float[] floats, byte[] bytes) {}

  private static final List<Class<?>> KEYS =
      List.of(String.class, Long.class, Integer.class, Boolean.class, Colour.class, UUID.class,
          Character.class, Byte.class, LocalDate.class, Double.class);

  private static final List<Class<?>> LEAVES =
      List.of(
          String.class, Long.class, Integer.class, Short.class, Byte.class, Character.class,
          Boolean.class, Double.class, Float.class, Colour.class, LocalDate.class, Instant.class,
          Duration.class, UUID.class, byte[].class, double[].class, long[].class, int[].class,
          float[].class, Primitives.class, Arrays4.class);

  private final Random random;

  RandomMessages(long seed) {
    this.random = new Random(seed);
  }

  Type type(int depth) {
    if (depth == 0) {
      return pick(LEAVES);
    }
    return switch (random.nextInt(11)) {
      case 0 -> new Types.Applied(Optional.class, List.of(type(depth - 1)));
      case 1, 2 -> new Types.Applied(List.class, List.of(type(depth - 1)));
      case 3 -> new Types.Applied(Set.class, List.of(pick(KEYS)));
      case 4, 5 -> new Types.Applied(Map.class, List.of(pick(KEYS), type(depth - 1)));
      case 6 -> new Types.Applied(Pair.class, List.of(type(depth - 1), type(depth - 1)));
      case 7 ->
          new Types.Applied(
              Triple.class, List.of(type(depth - 1), type(depth - 1), type(depth - 1)));
      case 8 -> new Types.Applied(Tree.class, List.of(type(depth - 1)));
      case 9 -> new Types.Applied(Result.class, List.of(type(depth - 1)));
      default -> pick(LEAVES);
    };
  }

  /** A value of a concrete type. */
  Object value(Type type) {
    return value(type, 3);
  }

  private Object value(Type type, int size) {
    Class<?> raw = Types.raw(type);
    List<Type> arguments = Types.arguments(type);
    if (raw == Optional.class) {
      return random.nextBoolean() ? Optional.empty() : Optional.of(value(arguments.get(0), size));
    }
    if (raw == List.class) {
      List<Object> list = new ArrayList<>();
      int length = random.nextInt(size + 1);
      for (int i = 0; i < length; i++) {
        list.add(value(arguments.get(0), size));
      }
      return random.nextBoolean() ? list : List.copyOf(list);
    }
    if (raw == Set.class) {
      Set<Object> set = new HashSet<>();
      for (int i = 0; i < size; i++) {
        set.add(value(arguments.get(0), size));
      }
      return set;
    }
    if (raw == Map.class) {
      Map<Object, Object> map = new HashMap<>();
      for (int i = 0; i < size; i++) {
        map.put(value(arguments.get(0), size), value(arguments.get(1), size));
      }
      return map;
    }
    if (raw == Result.class) {
      Class<?> chosen = pick(List.of(Success.class, Failure.class, Nothing.class));
      return value(new Types.Applied(chosen, arguments), size);
    }
    if (raw.isRecord()) {
      return record(type, raw == Tree.class ? size - 1 : size);
    }
    if (raw.isArray()) {
      Object array = Array.newInstance(raw.getComponentType(), random.nextInt(5));
      for (int i = 0; i < Array.getLength(array); i++) {
        Array.set(array, i, scalar(raw.getComponentType()));
      }
      return array;
    }
    return scalar(raw);
  }

  private Object record(Type type, int size) {
    RecordComponent[] components = Types.raw(type).getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] =
          value(Types.concrete(components[i].getGenericType(), Types.bindings(type)), Math.max(size, 0));
    }
    try {
      var constructor = Types.raw(type).getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("a record's own members", e);
    }
  }

  /** Zeros, extremes and anything between, each often. */
  private Object scalar(Class<?> type) {
    if (type == String.class) {
      return pick(List.of("", "a", "Zürich", "\uD83D\uDE00", "x".repeat(random.nextInt(200)), "?\uFFFD"));
    }
    if (type == Boolean.class || type == boolean.class) {
      return random.nextBoolean();
    }
    if (type == Double.class || type == double.class) {
      return pick(List.of(0.0, -0.0, 1.5, Double.NaN, Double.MAX_VALUE, random.nextDouble()));
    }
    if (type == Float.class || type == float.class) {
      return pick(List.of(0.0f, -0.0f, Float.NEGATIVE_INFINITY, random.nextFloat()));
    }
    if (type == Colour.class) {
      return pick(List.of(Colour.values()));
    }
    long bits = random.nextBoolean() ? random.nextInt(3) - 1 : random.nextLong() >> random.nextInt(64);
    if (type == Long.class || type == long.class) {
      return bits;
    }
    if (type == Integer.class || type == int.class) {
      return (int) bits;
    }
    if (type == Short.class || type == short.class) {
      return (short) bits;
    }
    if (type == Byte.class || type == byte.class) {
      return (byte) bits;
    }
    if (type == Character.class || type == char.class) {
      return (char) bits;
    }
    if (type == UUID.class) {
      return new UUID(bits, random.nextLong());
    }
    if (type == LocalDate.class) {
      return LocalDate.ofEpochDay(bits % 1_000_000);
    }
    if (type == Instant.class) {
      return Instant.ofEpochSecond(bits % 1_000_000_000_000L, random.nextInt(1_000_000_000));
    }
    if (type == Duration.class) {
      return Duration.ofSeconds(bits, random.nextBoolean() ? 0 : random.nextInt(1_000_000_000));
    }
    throw new AssertionError(type);
  }

  private <T> T pick(List<? extends T> from) {
    return from.get(random.nextInt(from.size()));
  }

  /** Equality that looks into arrays, wherever they are. */
  static boolean same(@Nullable Object a, @Nullable Object b) {
    if (a instanceof List<?> left && b instanceof List<?> right) {
      return left.size() == right.size()
          && IntStream.range(0, left.size())
              .allMatch(i -> same(left.get(i), right.get(i)));
    }
    if (a instanceof Map<?, ?> left && b instanceof Map<?, ?> right) {
      return left.keySet().equals(right.keySet())
          && left.keySet().stream().allMatch(key -> same(left.get(key), right.get(key)));
    }
    if (a instanceof Optional<?> left && b instanceof Optional<?> right) {
      return same(left.orElse(null), right.orElse(null));
    }
    if (a instanceof Record left && b instanceof Record right && left.getClass() == right.getClass()) {
      return Arrays.stream(left.getClass().getRecordComponents())
          .allMatch(component -> same(component(left, component), component(right, component)));
    }
    return Objects.deepEquals(a, b);
  }

  private static Object component(Record of, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("a record's own members", e);
    }
  }
}
