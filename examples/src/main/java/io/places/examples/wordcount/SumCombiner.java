package io.places.examples.wordcount;

import io.places.mapreduce.Combiner;

/** Adds two counts of a word. */
public final class SumCombiner implements Combiner<String, Long> {

  @Override
  public Long combine(String word, Long left, Long right) {
    return left + right;
  }
}
