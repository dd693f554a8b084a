package io.places.message;

import java.util.Arrays;

/** The elements of a collection while it is read. */
final class Elements {
  private Object[] array = new Object[10];
  private int size;

  void add(Object element) {
    if (size == array.length) {
      array = Arrays.copyOf(array, 2 * size);
    }
    array[size++] = element;
  }

  int size() {
    return size;
  }

  Object[] toArray() {
    return Arrays.copyOf(array, size);
  }
}
