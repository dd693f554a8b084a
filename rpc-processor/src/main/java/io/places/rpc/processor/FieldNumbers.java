package io.places.rpc.processor;

import java.util.ArrayList;
import java.util.List;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;

/** The numbers of the components of a message: fixed ones, and the others by their place. */
final class FieldNumbers {
  static final int MOST = 536_870_911;

  /** Protocol Buffers keeps these for its implementations. */
  static final int FIRST_RESERVED = 19_000;

  static final int LAST_RESERVED = 19_999;

  private FieldNumbers() {}

  /** Whether a field can have the number. */
  static boolean mayBe(int number) {
    return number >= 1 && number <= MOST && (number < FIRST_RESERVED || number > LAST_RESERVED);
  }

  static List<Integer> of(TypeElement type, List<? extends Element> elements) {
    List<Integer> numbers = new ArrayList<>();
    for (int i = 0; i < elements.size(); i++) {
      AnnotationMirror field = Annotations.find(elements.get(i), Annotations.FIELD);
      int number = field == null ? i + 1 : (Integer) Annotations.value(field, "value", 0);
      String name = elements.get(i).getSimpleName().toString();
      if (!mayBe(number)) {
        throw new Refusal(
            "'%s' of %s has number %d; numbers go from 1 to %d, without %d to %d"
                .formatted(
                    name, type.getQualifiedName(), number, MOST, FIRST_RESERVED, LAST_RESERVED));
      }
      int other = numbers.indexOf(number);
      if (other >= 0) {
        throw new Refusal(
            "'%s' and '%s' of %s both have number %d; fix another one with @Field"
                .formatted(
                    elements.get(other).getSimpleName(), name, type.getQualifiedName(), number));
      }
      numbers.add(number);
    }
    return numbers;
  }
}
