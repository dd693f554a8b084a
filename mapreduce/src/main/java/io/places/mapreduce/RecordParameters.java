package io.places.mapreduce;

import io.places.PlacesException;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Parameters that are the components of a record. */
final class RecordParameters {
  private static final Map<Class<?>, Function<String, Object>> PARSERS =
      Map.of(
          String.class, text -> text,
          int.class, Integer::valueOf,
          long.class, Long::valueOf,
          double.class, Double::valueOf,
          boolean.class, RecordParameters::flag);

  private RecordParameters() {}

  /**
   * The components as text, by name.
   *
   * @throws IllegalArgumentException if one has no text from which it can be made again
   */
  static Map<String, String> of(Record parameters) {
    Map<String, String> all = new LinkedHashMap<>();
    for (RecordComponent component : parameters.getClass().getRecordComponents()) {
      parser(parameters.getClass(), component);
      @Nullable Object value = value(parameters, component);
      if (value == null) {
        throw new IllegalArgumentException(
            "the parameter %s of %s is null".formatted(component.getName(), parameters));
      }
      all.put(
          component.getName(), value instanceof Enum<?> constant ? constant.name() : value.toString());
    }
    return all;
  }

  /**
   * The record made of parameters.
   *
   * @throws IllegalArgumentException if one is missing, or is no text for its type
   */
  static <T extends Record> T read(Class<T> type, Function<String, Optional<String>> parameters) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] values = new Object[components.length];
    for (int i = 0; i < values.length; i++) {
      RecordComponent component = components[i];
      String text =
          parameters
              .apply(component.getName())
              .orElseThrow(() -> missing(type, component.getName()));
      values[i] = parse(type, component, text);
    }
    try {
      Class<?>[] types =
          Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
      Constructor<T> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor.newInstance(values);
    } catch (ReflectiveOperationException e) {
      throw new PlacesException(
          "cannot make %s of the job's parameters: %s".formatted(type.getName(), e), e);
    }
  }

  private static Object parse(Class<?> type, RecordComponent component, String text) {
    try {
      return parser(type, component).apply(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the parameter %s of %s is '%s', which is no %s"
              .formatted(
                  component.getName(), type.getName(), text, component.getType().getSimpleName()),
          e);
    }
  }

  private static Function<String, Object> parser(Class<?> type, RecordComponent component) {
    Class<?> of = component.getType();
    if (of.isEnum()) {
      return text ->
          Arrays.stream(of.getEnumConstants())
              .filter(constant -> ((Enum<?>) constant).name().equals(text))
              .findFirst()
              .orElseThrow(() -> new IllegalArgumentException(text));
    }
    Function<String, Object> parser = PARSERS.get(of);
    if (parser == null) {
      throw new IllegalArgumentException(
          "the component %s of %s is of %s; parameters may be String, int, long, double, boolean, or an enum"
              .formatted(component.getName(), type.getName(), of.getName()));
    }
    return parser;
  }

  private static Object flag(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException(text);
    }
    return text.equals("true");
  }

  private static @Nullable Object value(Record parameters, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(parameters);
    } catch (ReflectiveOperationException e) {
      throw new PlacesException("cannot read the parameters " + parameters + ": " + e, e);
    }
  }

  private static IllegalArgumentException missing(Class<?> type, String name) {
    return new IllegalArgumentException(
        "the job has no parameter '%s', which %s needs: give it with .parameters(new %s(...))"
            .formatted(name, type.getName(), type.getSimpleName()));
  }
}
