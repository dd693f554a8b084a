package io.places.mapreduce;

import java.util.Iterator;
import java.util.NoSuchElementException;

/** The values of one key as the reducer sees them: they can be iterated once, during its call. */
final class Values<V> implements Iterable<V> {
  private final Object key;
  private final Iterator<V> stream;
  private boolean iterated;
  private boolean over;

  Values(Object key, Iterator<V> stream) {
    this.key = key;
    this.stream = stream;
  }

  @Override
  public Iterator<V> iterator() {
    if (iterated) {
      throw new IllegalStateException(
          "the values of key %s were iterated before: they are streamed, so they can be read only once; keep them in a list, or do all the work in one loop"
              .formatted(Quoted.of(key)));
    }
    iterated = true;
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        checkCurrent();
        return stream.hasNext();
      }

      @Override
      public V next() {
        checkCurrent();
        if (!stream.hasNext()) {
          throw new NoSuchElementException("no more values for key " + Quoted.of(key));
        }
        return stream.next();
      }
    };
  }

  /** Makes iterators useless that the reducer has kept beyond its call. */
  void end() {
    iterated = true;
    over = true;
  }

  private void checkCurrent() {
    if (over) {
      throw new IllegalStateException(
          "the values of key %s can be read only until reduce returns".formatted(Quoted.of(key)));
    }
  }
}
