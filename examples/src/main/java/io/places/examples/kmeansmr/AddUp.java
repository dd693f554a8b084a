package io.places.examples.kmeansmr;

import io.places.mapreduce.Context;
import io.places.mapreduce.Reducer;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Writes, for each centroid, the number of its points, the squares of their distances, and their mean. */
public final class AddUp implements Reducer<Integer, Sum, Integer, String> {
  @Override
  public void reduce(Integer centroid, Iterable<Sum> sums, Context<Integer, String> context) {
    long points = 0;
    double squares = 0;
    double[] mean = {};
    for (Sum sum : sums) {
      points += sum.points();
      squares += sum.squares();
      mean = mean.length == 0 ? new double[sum.coordinates().length] : mean;
      for (int i = 0; i < mean.length; i++) {
        mean[i] += sum.coordinates()[i];
      }
    }
    double count = points;
    String coordinates =
        Arrays.stream(mean)
            .mapToObj(coordinate -> Double.toString(coordinate / count))
            .collect(Collectors.joining(","));
    context.emit(centroid, points + "," + squares + "," + coordinates);
  }
}
