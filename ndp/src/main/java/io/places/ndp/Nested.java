package io.places.ndp;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.RandomAccess;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/*
 * The nesting is flattened (Blelloch, "Vector models for data-parallel computing", 1990): elements are numbered
 * through, and the numbers are shared out, wherever the segments begin. So one segment that has nearly all of the
 * elements is as good as many of equal size; and as numbers are taken one at a time, elements that take long do no harm
 * side by side.
 */
/** Applies a function to each element of a nested sequence. */
final class Nested<T, R> extends Running<Object[]> {
  private final Function<? super T, ? extends R> function;
  private final List<List<? extends T>> segments = new ArrayList<>(); // whose elements are found at once
  private final int[] starts; // of the segments among all elements
  private final Object[] results;
  private final int members;
  private final Ranges ranges;
  private final AtomicInteger working;

  Nested(
      Pool pool,
      List<? extends List<? extends T>> nested,
      Function<? super T, ? extends R> function) {
    super(pool);
    this.function = Objects.requireNonNull(function, "forEach: there is no function");
    this.starts = new int[Objects.requireNonNull(nested, "forEach: there are no segments").size() + 1];
    for (List<? extends T> segment : nested) {
      if (segment == null) { // the user's compiler may not look for nulls
        throw new NullPointerException("forEach: segment %d, counted from 0, is null".formatted(segments.size()));
      }
      List<? extends T> quick = segment instanceof RandomAccess ? segment : new ArrayList<T>(segment);
      int before = starts[segments.size()];
      segments.add(quick);
      starts[segments.size()] = Math.addExact(before, quick.size());
    }
    this.results = new Object[starts[segments.size()]];
    this.members = Math.min(results.length, pool.threads());
    this.ranges = new Ranges(results.length, Math.max(1, members));
    this.working = new AtomicInteger(members);
  }

  @Override
  String what() {
    return "mapping %,d %s by forEach".formatted(results.length, results.length == 1 ? "element" : "elements");
  }

  List<List<R>> apply() {
    if (members == 0) {
      return shaped(results);
    }
    List<Member> all = new ArrayList<>();
    for (int i = members - 1; i >= 0; i--) {
      all.add(new Member(i));
    }
    begin(all);
    return shaped(await());
  }

  private final class Member implements Pool.Task {
    private final int number;
    private int segment; // of the element before

    Member(int number) {
      this.number = number;
    }

    @Override
    public Object owner() {
      return Nested.this;
    }

    @Override
    public void run() {
      ranges.share(number, Nested.this::isOver, this::apply);
      if (working.decrementAndGet() == 0 && !isOver()) {
        succeed(results);
      }
    }

    private void apply(int element) {
      if (element < starts[segment] || element > starts[segment + 1]) {
        int found = Arrays.binarySearch(starts, element);
        segment = found >= 0 ? found : -found - 2;
      }
      while (element >= starts[segment + 1]) { // empty ones begin where the next does
        segment++;
      }
      int index = element - starts[segment];
      try {
        results[element] = function.apply(segments.get(segment).get(index));
      } catch (Throwable e) { // told to the caller
        fail(SubproblemFailedException.onElement(segment, index, e));
      }
    }
  }

  @SuppressWarnings("unchecked") // only results are put in
  private List<List<R>> shaped(Object[] all) {
    List<List<R>> shaped = new ArrayList<>();
    for (int i = 0; i < segments.size(); i++) {
      shaped.add(Arrays.asList((R[]) Arrays.copyOfRange(all, starts[i], starts[i + 1])));
    }
    return shaped;
  }
}
