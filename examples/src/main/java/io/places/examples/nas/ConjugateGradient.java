package io.places.examples.nas;

import io.places.rmpi.ArrayOp;
import io.places.rmpi.Comm;
import io.places.rmpi.RmpiFunction;
import io.places.rmpi.Slice;
import java.util.Arrays;

/*
 * Each rank has a block of rows, and of each vector the same block. A product of matrix and vector needs all of
 * the vector: it is gathered by all. Dot products are sums over the blocks, combined in the order of ranks.
 */
/** NAS CG: the smallest eigenvalue of a large sparse matrix, by inverse iteration with conjugate gradients. */
public final class ConjugateGradient implements RmpiFunction<NasResult> {
  private static final int STEPS = 25;
  private static final double TOLERANCE = 1e-10;

  /** The sizes, and the eigenvalue. */
  private enum Size {
    S(1_400, 7, 15, 10, 8.5971775078648),
    W(7_000, 8, 15, 12, 10.362595087124),
    A(14_000, 11, 15, 20, 17.130235054029);

    final int order;
    final int nonzeros;
    final int iterations;
    final double shift;
    final double zeta;

    Size(int order, int nonzeros, int iterations, double shift, double zeta) {
      this.order = order;
      this.nonzeros = nonzeros;
      this.iterations = iterations;
      this.shift = shift;
      this.zeta = zeta;
    }

    double operations() {
      double products = nonzeros * (nonzeros + 1.0);
      return 2.0 * iterations * order * (3 + products + STEPS * (5 + products) + 3);
    }
  }

  /**
   * @param arguments the class: S, W or A
   */
  @Override
  public NasResult call(Comm comm, String[] arguments) {
    Size size = Size.valueOf(arguments[0]);
    Solver solver = new Solver(comm, size);
    solver.iterate(); // untimed: compiles the code
    solver.begin();
    comm.barrier();
    long start = System.nanoTime();
    double zeta = 0;
    for (int iteration = 0; iteration < size.iterations; iteration++) {
      zeta = solver.iterate();
    }
    double seconds = comm.allreduce((System.nanoTime() - start) / 1e9, Math::max);
    return new NasResult(
        Math.abs(zeta - size.zeta) / size.zeta <= TOLERANCE,
        "zeta %.13f, the specification's is %.13f".formatted(zeta, size.zeta),
        seconds,
        size.operations() / seconds / 1e6);
  }

  /** One rank's rows. */
  private static final class Solver {
    private final Comm comm;
    private final Size size;
    private final int[] counts;
    private final int[] offsets;
    private final int rows;
    private final SparseRows matrix;
    private final double[] all; // a vector, gathered
    private final double[] x;
    private final double[] z;
    private final double[] r;
    private final double[] p;
    private final double[] q;
    private final double[] sum = new double[1];

    Solver(Comm comm, Size size) {
      this.comm = comm;
      this.size = size;
      counts = new int[comm.size()];
      offsets = new int[comm.size()];
      for (int rank = 0; rank < comm.size(); rank++) {
        offsets[rank] = (int) ((long) size.order * rank / comm.size());
        counts[rank] = (int) ((long) size.order * (rank + 1) / comm.size()) - offsets[rank];
      }
      rows = counts[comm.rank()];
      int from = offsets[comm.rank()];
      matrix = SparseRows.make(size.order, size.nonzeros, size.shift, from, from + rows);
      all = new double[size.order];
      x = new double[rows];
      z = new double[rows];
      r = new double[rows];
      p = new double[rows];
      q = new double[rows];
      begin();
    }

    void begin() {
      Arrays.fill(x, 1);
    }

    /** One step of the inverse iteration; the eigenvalue found so far. */
    double iterate() {
      solve();
      double product = dot(x, z);
      double length = Math.sqrt(dot(z, z));
      for (int i = 0; i < rows; i++) {
        x[i] = z[i] / length;
      }
      return size.shift + 1 / product;
    }

    /** Finds z with A z = x, about. */
    private void solve() {
      Arrays.fill(z, 0);
      System.arraycopy(x, 0, r, 0, rows);
      System.arraycopy(x, 0, p, 0, rows);
      double rho = dot(r, r);
      for (int step = 0; step < STEPS; step++) {
        comm.allgatherv(Slice.of(p), Slice.of(all), counts, offsets);
        matrix.times(all, q);
        double alpha = rho / dot(p, q);
        for (int i = 0; i < rows; i++) {
          z[i] += alpha * p[i];
          r[i] -= alpha * q[i];
        }
        double before = rho;
        rho = dot(r, r);
        double beta = rho / before;
        for (int i = 0; i < rows; i++) {
          p[i] = r[i] + beta * p[i];
        }
      }
    }

    private double dot(double[] a, double[] b) {
      double mine = 0;
      for (int i = 0; i < rows; i++) {
        mine += a[i] * b[i];
      }
      sum[0] = mine;
      comm.allreduce(Slice.of(sum), ArrayOp.SUM);
      return sum[0];
    }
  }
}
