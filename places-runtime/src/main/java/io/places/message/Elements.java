package io.places.message;

import java.util.Arrays;

/** The elements of a collection while it is read. */
final class Elements {
  private Object[] array;
  private int size;

  Elements(int capacity) {
    array = new Object[capacity];
  }

  void add(Object element) {
    if (size == array.length) {
      array = Arrays.copyOf(array, Math.max(10, 2 * size));
    }
    array[size++] = element;
  }

  int size() {
    return size;
  }

  Object[] toArray() {
    return size == array.length ? array : Arrays.copyOf(array, size);
  }
}
