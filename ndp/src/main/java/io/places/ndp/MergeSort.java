package io.places.ndp;

import java.util.Arrays;
import java.util.Comparator;

/*
 * Each thread sorts a stretch by the JDK's stable sort; then stretches are merged by twos, each merge cut into
 * as many pieces as there are threads for it: a piece begins where a binary search says that so many elements of
 * both sides belong before it (Akl and Santoro, "Optimal parallel merging and sorting without memory conflicts",
 * IEEE ToC 36(11), 1987).
 */
/** Sorts objects, stably. */
final class MergeSort {
  private static final int SMALL = 1 << 12;

  private MergeSort() {}

  static <T> void sort(T[] array, Comparator<? super T> order, Crew crew) {
    int size = array.length;
    if (size < SMALL || crew.size() == 1 || isSorted(array, order)) {
      Arrays.sort(array, order);
      return;
    }
    int stretches = Integer.highestOneBit(crew.size() - 1) << 1;
    crew.each(
        stretches,
        part -> Arrays.sort(array, start(size, part, stretches), start(size, part + 1, stretches), order));
    T[] source = array;
    T[] target = Arrays.copyOf(array, size);
    boolean inPlace = true;
    for (int left = stretches; left > 1; left /= 2) {
      mergeByTwos(source, target, left, order, crew);
      T[] merged = target;
      target = source;
      source = merged;
      inPlace = !inPlace;
    }
    if (!inPlace) {
      System.arraycopy(source, 0, array, 0, size);
    }
  }

  private static <T> boolean isSorted(T[] array, Comparator<? super T> order) {
    for (int i = 1; i < array.length; i++) {
      if (order.compare(array[i - 1], array[i]) > 0) {
        return false;
      }
    }
    return true;
  }

  private static int start(int size, int part, int parts) {
    return (int) ((long) size * part / parts);
  }

  private static <T> void mergeByTwos(
      T[] source, T[] target, int stretches, Comparator<? super T> order, Crew crew) {
    int size = source.length;
    int merges = stretches / 2;
    int pieces = Math.max(1, crew.size() / merges);
    crew.each(
        merges * pieces,
        part -> {
          int merge = part / pieces;
          int from = start(size, 2 * merge, stretches);
          int middle = start(size, 2 * merge + 1, stretches);
          int to = start(size, 2 * merge + 2, stretches);
          new Merge<>(source, target, order, from, middle, to)
              .piece(start(to - from, part % pieces, pieces), start(to - from, part % pieces + 1, pieces));
        });
  }

  /** Two neighbouring stretches that become one. */
  private static final class Merge<T> {
    private final T[] source;
    private final T[] target;
    private final Comparator<? super T> order;
    private final int from;
    private final int middle;
    private final int to;

    Merge(T[] source, T[] target, Comparator<? super T> order, int from, int middle, int to) {
      this.source = source;
      this.target = target;
      this.order = order;
      this.from = from;
      this.middle = middle;
      this.to = to;
    }

    /** Makes those elements of the result that are from one to another. */
    void piece(int first, int last) {
      int left = ofLeft(first);
      int leftEnd = ofLeft(last);
      int right = middle + first - (left - from);
      int rightEnd = middle + last - (leftEnd - from);
      int at = from + first;
      while (left < leftEnd && right < rightEnd) {
        target[at++] =
            order.compare(source[left], source[right]) <= 0 ? source[left++] : source[right++];
      }
      System.arraycopy(source, left, target, at, leftEnd - left);
      System.arraycopy(source, right, target, at + leftEnd - left, rightEnd - right);
    }

    /** Where the left stretch has to be read up to for so many elements of the result. */
    private int ofLeft(int count) {
      int least = Math.max(from, from + count - (to - middle));
      int most = Math.min(middle, from + count);
      while (least < most) {
        int guess = (least + most) >>> 1;
        int other = middle + count - (guess - from) - 1;
        if (order.compare(source[guess], source[other]) <= 0) {
          least = guess + 1;
        } else {
          most = guess;
        }
      }
      return least;
    }
  }
}
