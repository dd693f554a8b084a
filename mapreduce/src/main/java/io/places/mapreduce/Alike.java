package io.places.mapreduce;

import io.places.PlacesException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/**
 * Compares what jobs have written by content: arrays by their elements, records by their components, numbers of
 * double within a tolerance.
 */
final class Alike {
  private final double tolerance;

  /**
   * How to compare.
   *
   * @param tolerance by how much numbers may differ, relative to the greater one
   */
  Alike(double tolerance) {
    this.tolerance = tolerance;
  }

  boolean are(@Nullable Object left, @Nullable Object right) {
    if (left == null || right == null || left.getClass() != right.getClass()) {
      return Objects.equals(left, right);
    }
    return switch (left) {
      case Double number -> numbers(number, (Double) right);
      case Float number -> numbers(number, (Float) right);
      case double[] numbers -> arrays(numbers, (double[]) right);
      case Record record -> lists(components(record), components((Record) right));
      case List<?> list -> lists(list, (List<?>) right);
      default -> Objects.deepEquals(left, right);
    };
  }

  private boolean numbers(double left, double right) {
    return Double.compare(left, right) == 0
        || Math.abs(left - right) <= tolerance * Math.max(Math.abs(left), Math.abs(right));
  }

  private boolean arrays(double[] left, double[] right) {
    if (left.length != right.length) {
      return false;
    }
    for (int i = 0; i < left.length; i++) {
      if (!numbers(left[i], right[i])) {
        return false;
      }
    }
    return true;
  }

  private boolean lists(List<?> left, List<?> right) {
    if (left.size() != right.size()) {
      return false;
    }
    for (int i = 0; i < left.size(); i++) {
      if (!are(left.get(i), right.get(i))) {
        return false;
      }
    }
    return true;
  }

  /** A text that tells the content. */
  static String text(@Nullable Object of) {
    return switch (of) {
      case Record record -> {
        var text = new StringJoiner(", ", record.getClass().getSimpleName() + "[", "]");
        components(record).forEach(component -> text.add(text(component)));
        yield text.toString();
      }
      case List<?> list -> {
        var text = new StringJoiner(", ", "[", "]");
        list.forEach(element -> text.add(text(element)));
        yield text.toString();
      }
      case null -> "null";
      default -> {
        String inArray = Arrays.deepToString(new Object[] {of});
        yield inArray.substring(1, inArray.length() - 1);
      }
    };
  }

  private static List<@Nullable Object> components(Record record) {
    return Arrays.stream(record.getClass().getRecordComponents())
        .<@Nullable Object>map(component -> component(record, component))
        .toList();
  }

  private static @Nullable Object component(Record of, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(of);
    } catch (ReflectiveOperationException e) {
      throw new PlacesException(
          "cannot read the component %s of %s: %s".formatted(component.getName(), of, e), e);
    }
  }
}
