package io.places.examples.wordcount;

import io.places.mapreduce.LongCombiner;

/** Adds two counts of a word. */
public final class SumCombiner implements LongCombiner<String> {

  @Override
  public long combine(long left, long right) {
    return left + right;
  }
}
