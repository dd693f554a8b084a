package io.places.ndp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/*
 * The nesting is flattened (Blelloch, "Vector models for data-parallel computing", 1990): elements are numbered
 * through, and the numbers are shared out, wherever the segments begin. So one segment that has nearly all of the
 * elements is as good as many of equal size.
 */
/** Applies a function to each element of a nested sequence. */
final class Nested<T, R> {
  /** Parts for each thread: a part may take longer than others. */
  private static final int PARTS_FOR_EACH = 16;

  private final List<? extends List<? extends T>> segments;
  private final int[] starts; // of the segments among all elements

  Nested(List<? extends List<? extends T>> segments) {
    this.segments = segments;
    this.starts = new int[segments.size() + 1];
    for (int i = 0; i < segments.size(); i++) {
      starts[i + 1] = Math.addExact(starts[i], segments.get(i).size());
    }
  }

  List<List<R>> apply(Function<? super T, ? extends R> function, Crew crew) {
    int all = starts[segments.size()];
    Object[] results = new Object[all];
    int parts = (int) Math.min(all, (long) PARTS_FOR_EACH * crew.size());
    crew.shared(
        parts,
        part ->
            apply(
                function,
                results,
                (int) ((long) all * part / parts),
                (int) ((long) all * (part + 1) / parts)));
    return shaped(results);
  }

  private void apply(Function<? super T, ? extends R> function, Object[] results, int from, int to) {
    int segment = segmentOf(from);
    for (int at = from; at < to; at++) {
      while (at == starts[segment + 1]) {
        segment++;
      }
      results[at] = function.apply(segments.get(segment).get(at - starts[segment]));
    }
  }

  private int segmentOf(int element) {
    int found = Arrays.binarySearch(starts, element);
    return found >= 0 ? found : -found - 2;
  }

  @SuppressWarnings("unchecked") // only results are put in
  private List<List<R>> shaped(Object[] results) {
    List<List<R>> shaped = new ArrayList<>();
    for (int i = 0; i < segments.size(); i++) {
      shaped.add(Arrays.asList((R[]) Arrays.copyOfRange(results, starts[i], starts[i + 1])));
    }
    return shaped;
  }
}
