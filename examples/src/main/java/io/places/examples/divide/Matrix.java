package io.places.examples.divide;

import io.places.ndp.Ndp;
import java.util.SplittableRandom;

/**
 * A sparse matrix by rows (CSR), which multiplies a vector: a row is a segment of elements, so a row that has nearly all
 * of the elements is shared out as well as many small ones.
 *
 * @param starts of the rows among the elements, and the number of elements
 * @param columns of the elements
 * @param values of the elements
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Matrix(int[] starts, int[] columns, double[] values) {
  /** The most elements of a row of a random matrix, in proportion to its average. */
  private static final int LONGEST = 10_000;

  /** The product with a vector. */
  public double[] times(double[] vector) {
    return Ndp.sums(starts, i -> values[i] * vector[columns[i]]);
  }

  /** The same by one thread, row by row. */
  public double[] timesSerially(double[] vector) {
    double[] product = new double[starts.length - 1];
    for (int row = 0; row < product.length; row++) {
      for (int i = starts[row]; i < starts[row + 1]; i++) {
        product[row] += values[i] * vector[columns[i]];
      }
    }
    return product;
  }

  /** A square matrix whose rows have lengths after a power law: a few have very many elements, most have few. */
  public static Matrix powerLaw(int rows, long seed) {
    var random = new SplittableRandom(seed);
    int[] starts = new int[rows + 1];
    for (int row = 0; row < rows; row++) {
      int length = (int) Math.min(LONGEST, Math.pow(1 - random.nextDouble(), -1 / 1.2) * 2);
      starts[row + 1] = Math.addExact(starts[row], length);
    }
    int[] columns = new int[starts[rows]];
    double[] values = new double[starts[rows]];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = random.nextInt(rows);
      values[i] = random.nextDouble();
    }
    return new Matrix(starts, columns, values);
  }
}
