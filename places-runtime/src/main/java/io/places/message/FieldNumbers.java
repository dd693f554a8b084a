package io.places.message;

import java.lang.reflect.AnnotatedElement;
import java.util.ArrayList;
import java.util.List;

/** The numbers of the components of a message: fixed ones, and the others by their place. */
final class FieldNumbers {
  private static final int MOST = 536_870_911;

  /** Protocol Buffers keeps these for its implementations. */
  private static final int FIRST_RESERVED = 19_000;

  private static final int LAST_RESERVED = 19_999;

  private FieldNumbers() {}

  static List<Integer> of(Class<?> type, List<String> names, AnnotatedElement[] elements) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      Field field = elements[i].getAnnotation(Field.class);
      int number = field == null ? i + 1 : field.value();
      if (number < 1 || number > MOST || (number >= FIRST_RESERVED && number <= LAST_RESERVED)) {
        throw new Refusal(
            "'%s' of %s has number %d; numbers go from 1 to %d, without %d to %d"
                .formatted(names.get(i), type.getName(), number, MOST, FIRST_RESERVED, LAST_RESERVED));
      }
      int other = numbers.indexOf(number);
      if (other >= 0) {
        throw new Refusal(
            "'%s' and '%s' of %s both have number %d; fix another one with @Field"
                .formatted(names.get(other), names.get(i), type.getName(), number));
      }
      numbers.add(number);
    }
    return numbers;
  }
}
