package io.places.channel;

import org.jspecify.annotations.Nullable;

/** A queue in an array that grows. Used under its owner's lock. */
final class Ring<M> {
  /** Most mailboxes never hold more, and there may be hundreds of thousands of them. */
  private static final int FIRST_CAPACITY = 4;

  private @Nullable Object[] slots = {};
  private int head;
  private int size;

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  void add(M message) {
    if (size == slots.length) {
      grow();
    }
    slots[(head + size) & (slots.length - 1)] = message;
    size++;
  }

  @SuppressWarnings("unchecked") // only M goes in
  @Nullable M poll() {
    if (size == 0) {
      return null;
    }
    M first = (M) slots[head];
    slots[head] = null;
    head = (head + 1) & (slots.length - 1);
    size--;
    return first;
  }

  void clear() {
    slots = new Object[0];
    head = 0;
    size = 0;
  }

  /** The capacity stays a power of two, so that positions wrap by a mask. */
  private void grow() {
    Object[] larger = new Object[Math.max(FIRST_CAPACITY, 2 * slots.length)];
    int untilEnd = slots.length - head;
    System.arraycopy(slots, head, larger, 0, untilEnd);
    System.arraycopy(slots, 0, larger, untilEnd, head);
    slots = larger;
    head = 0;
  }
}
