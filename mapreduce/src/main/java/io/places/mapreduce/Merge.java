package io.places.mapreduce;

import java.util.List;

/*
 * A binary heap of sources, the one with the least key on top. After the top was read on, it sinks to
 * its new place: for runs of words one or two comparisons mostly, log2(sources) at worst. Equal keys
 * are ordered by the number of the source, which makes the merge stable.
 *
 * Most keys differ in their first eight bytes, which are looked at once when a source is read on.
 */

/** All pairs of several sorted sources in the order of their keys; equal keys in source order. */
final class Merge implements EntryCursor {
  private final EntryCursor[] sources;

  /** Indices into {@link #sources}; the first {@link #size} are the heap. */
  private final int[] heap;

  /** Of the key that each source is at. */
  private final long[] prefixes;

  private int size;
  private boolean started;

  Merge(List<? extends EntryCursor> sources) {
    this.sources = sources.toArray(EntryCursor[]::new);
    this.heap = new int[this.sources.length];
    this.prefixes = new long[this.sources.length];
  }

  @Override
  public boolean next() {
    if (!started) {
      started = true;
      fill();
    } else if (size > 0) {
      if (!advance(heap[0])) {
        heap[0] = heap[--size];
      }
      sink(0);
    }
    return size > 0;
  }

  @Override
  public Slice key() {
    return sources[heap[0]].key();
  }

  @Override
  public Slice value() {
    return sources[heap[0]].value();
  }

  private void fill() {
    for (int i = 0; i < sources.length; i++) {
      if (advance(i)) {
        heap[size++] = i;
      }
    }
    for (int i = size / 2 - 1; i >= 0; i--) {
      sink(i);
    }
  }

  private boolean advance(int source) {
    if (!sources[source].next()) {
      return false;
    }
    prefixes[source] = sources[source].key().prefix();
    return true;
  }

  private void sink(int from) {
    int source = heap[from];
    int at = from;
    for (int child = 2 * at + 1; child < size; child = 2 * at + 1) {
      if (child + 1 < size && before(heap[child + 1], heap[child])) {
        child++;
      }
      if (!before(heap[child], source)) {
        break;
      }
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = source;
  }

  private boolean before(int left, int right) {
    if (prefixes[left] != prefixes[right]) {
      return prefixes[left] < prefixes[right];
    }
    int order = sources[left].key().compareKey(sources[right].key());
    return order != 0 ? order < 0 : left < right;
  }
}
