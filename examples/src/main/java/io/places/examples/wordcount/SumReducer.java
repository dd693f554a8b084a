package io.places.examples.wordcount;

import io.places.mapreduce.Context;
import io.places.mapreduce.Reducer;

/** Adds all counts of a word. */
public final class SumReducer implements Reducer<String, Long, String, Long> {

  @Override
  public void reduce(String word, Iterable<Long> counts, Context<String, Long> context) {
    long sum = 0;
    for (long count : counts) {
      sum += count;
    }
    context.emit(word, sum);
  }
}
