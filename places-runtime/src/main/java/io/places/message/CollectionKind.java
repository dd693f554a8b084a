package io.places.message;

import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Lists and sets. What the JDK's {@code List.of} and its like make can be shared as it is. */
enum CollectionKind {
  LIST(List.class) {
    @Override
    Object of(Object[] elements) {
      return List.of(elements);
    }
  },
  SET(Set.class) {
    @Override
    Object of(Object[] elements) {
      return Set.copyOf(new HashSet<>(Arrays.asList(elements)));
    }
  };

  /** The classes that the JDK's factories answer: unmodifiable for ever, and no view of anything else. */
  private static final Set<Class<?>> IMMUTABLE =
      Stream.of(
              List.of(),
              List.of(1),
              List.of(1, 2, 3),
              List.of(1, 2, 3).subList(0, 1),
              Set.of(),
              Set.of(1),
              Set.of(1, 2, 3),
              Map.of(),
              Map.of(1, 1),
              Map.of(1, 1, 2, 2))
          .<Class<?>>map(Object::getClass)
          .collect(Collectors.toUnmodifiableSet());

  private final Class<?> type;

  CollectionKind(Class<?> type) {
    this.type = type;
  }

  /** An unmodifiable collection of these. */
  abstract Object of(Object[] elements);

  Collection<?> collection(@Nullable Object component) {
    if (component == null) {
      throw new Refusal("null cannot travel; for nothing there is an empty " + type.getSimpleName());
    }
    if (!type.isInstance(component)) {
      throw Refusal.ofClass(component, type.getName());
    }
    return (Collection<?>) component;
  }

  /** Whether it can be shared if its elements can. */
  static boolean isImmutable(Object collection) {
    return IMMUTABLE.contains(collection.getClass());
  }
}
