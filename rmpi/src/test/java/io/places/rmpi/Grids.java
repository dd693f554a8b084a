package io.places.rmpi;

import java.util.Arrays;
import java.util.List;

/** The neighbours of a rank on grids of one and two dimensions, open and periodic, and what goes between them. */
final class Grids {
  private static final int[] DISTANCES = {1, -1, 2};

  /** For each distance two dimensions of two grids and one of a third, each open and periodic. */
  static final int SHIFTS = DISTANCES.length * 5 * 2;

  private Grids() {}

  /** How many shifts come out right at this rank. */
  static int shifted(Comm comm) {
    int right = 0;
    int size = comm.size();
    List<int[]> grids = List.of(Cartesian.sizes(size, 0, 0), new int[] {1, size}, new int[] {size});
    for (int[] sizes : grids) {
      for (boolean periodic : new boolean[] {true, false}) {
        boolean[] periods = new boolean[sizes.length];
        Arrays.fill(periods, periodic);
        Cartesian grid = comm.cartesian(sizes, periods).orElseThrow();
        for (int dimension = 0; dimension < sizes.length; dimension++) {
          for (int by : DISTANCES) {
            right += isShifted(grid, sizes, dimension, by, periodic) ? 1 : 0;
          }
        }
        grid.comm().free();
      }
    }
    return right;
  }

  private static boolean isShifted(Cartesian grid, int[] sizes, int dimension, int by, boolean periodic) {
    Comm comm = grid.comm();
    Cartesian.Shift shift = grid.shift(dimension, by);
    int source = neighbour(comm.rank(), sizes, dimension, -by, periodic);
    int destination = neighbour(comm.rank(), sizes, dimension, by, periodic);
    int[] in = {-1};
    comm.sendrecv(new int[] {comm.rank()}, shift.destination(), dimension, Slice.of(in), shift.source(), dimension);
    return shift.equals(new Cartesian.Shift(source, destination))
        && in[0] == (source == Comm.PROC_NULL ? -1 : source);
  }

  /** The last dimension runs fastest. */
  private static int neighbour(int rank, int[] sizes, int dimension, int by, boolean periodic) {
    int step = Arrays.stream(sizes, dimension + 1, sizes.length).reduce(1, (a, b) -> a * b);
    int at = rank / step % sizes[dimension];
    int there = periodic ? Math.floorMod(at + by, sizes[dimension]) : at + by;
    return there < 0 || there >= sizes[dimension] ? Comm.PROC_NULL : rank + (there - at) * step;
  }
}
