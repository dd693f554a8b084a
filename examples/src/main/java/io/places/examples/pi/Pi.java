package io.places.examples.pi;

import io.places.rmpi.Comm;
import io.places.rmpi.RmpiFunction;

/**
 * The area under 4 / (1 + x²) from 0 to 1, which is pi: each rank sums the strips whose number, divided by the
 * number of ranks, leaves its own. The only argument is how many strips there are; all ranks have the result.
 */
public final class Pi implements RmpiFunction<Double> {
  @Override
  public Double call(Comm comm, String[] arguments) {
    long strips = Long.parseLong(arguments[0]);
    double width = 1.0 / strips;
    double sum = 0;
    for (long strip = comm.rank(); strip < strips; strip += comm.size()) {
      double middle = (strip + 0.5) * width;
      sum += 4 / (1 + middle * middle);
    }
    return comm.allreduce(sum * width, Double::sum);
  }
}
