package io.places.examples.nas;

import java.util.Arrays;

/**
 * Some rows of the matrix of NAS CG: a sum of outer products of sparse random vectors, weighted so that the
 * smallest eigenvalue is known about.
 *
 * @param starts where each row begins in the other two, and behind the last
 * @param columns of the elements that are not 0, rising within a row
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SparseRows(int[] starts, int[] columns, double[] values) {
  private static final long SEED = 314_159_265;
  private static final double CONDITION = 0.1;

  /**
   * Makes rows {@code from} to {@code to}, exclusive, of {@code order}.
   *
   * @param nonzeros of each vector
   */
  static SparseRows make(int order, int nonzeros, double shift, int from, int to) {
    int[][] places = new int[order][];
    double[][] elements = new double[order][];
    vectors(order, nonzeros, places, elements);
    int[] counts = new int[to - from];
    for (int[] vector : places) {
      for (int row : vector) {
        if (row >= from && row < to) {
          counts[row - from] += vector.length;
        }
      }
    }
    int[][] columns = new int[to - from][];
    double[][] values = new double[to - from][];
    for (int row = 0; row < counts.length; row++) {
      columns[row] = new int[counts[row]];
      values[row] = new double[counts[row]];
      counts[row] = 0;
    }
    double size = 1;
    double ratio = Math.pow(CONDITION, 1.0 / order);
    for (int i = 0; i < order; i++) {
      for (int a = 0; a < places[i].length; a++) {
        int row = places[i][a];
        if (row >= from && row < to) {
          double scale = size * elements[i][a];
          for (int b = 0; b < places[i].length; b++) {
            int column = places[i][b];
            double value = elements[i][b] * scale;
            if (column == row && row == i) {
              value += CONDITION - shift;
            }
            counts[row - from] =
                add(columns[row - from], values[row - from], counts[row - from], column, value);
          }
        }
      }
      size *= ratio;
    }
    return joined(columns, values, counts);
  }

  /** Each vector has its own diagonal element set, so the matrix has a full diagonal. */
  private static void vectors(int order, int nonzeros, int[][] places, double[][] elements) {
    NasRandom random = new NasRandom(SEED).skip(1); // the benchmark's main program takes one
    int power = order == 1 ? 1 : Integer.highestOneBit(order - 1) << 1;
    int[] place = new int[nonzeros + 1];
    double[] element = new double[nonzeros + 1];
    for (int i = 0; i < order; i++) {
      int count = 0;
      while (count < nonzeros) {
        double value = random.next();
        int at = (int) (power * random.next());
        if (at < order && indexOf(place, count, at) < 0) {
          place[count] = at;
          element[count++] = value;
        }
      }
      int diagonal = indexOf(place, count, i);
      if (diagonal < 0) {
        diagonal = count++;
        place[diagonal] = i;
      }
      element[diagonal] = 0.5;
      places[i] = Arrays.copyOf(place, count);
      elements[i] = Arrays.copyOf(element, count);
    }
  }

  private static int indexOf(int[] values, int count, int value) {
    for (int i = 0; i < count; i++) {
      if (values[i] == value) {
        return i;
      }
    }
    return -1;
  }

  /** Adds to the element of a column; keeps the columns in order. */
  private static int add(int[] columns, double[] values, int count, int column, double value) {
    int at = Arrays.binarySearch(columns, 0, count, column);
    if (at >= 0) {
      values[at] += value;
      return count;
    }
    int to = -at - 1;
    System.arraycopy(columns, to, columns, to + 1, count - to);
    System.arraycopy(values, to, values, to + 1, count - to);
    columns[to] = column;
    values[to] = value;
    return count + 1;
  }

  private static SparseRows joined(int[][] columns, double[][] values, int[] counts) {
    int[] starts = new int[counts.length + 1];
    for (int row = 0; row < counts.length; row++) {
      starts[row + 1] = starts[row] + counts[row];
    }
    int[] allColumns = new int[starts[counts.length]];
    double[] allValues = new double[starts[counts.length]];
    for (int row = 0; row < counts.length; row++) {
      System.arraycopy(columns[row], 0, allColumns, starts[row], counts[row]);
      System.arraycopy(values[row], 0, allValues, starts[row], counts[row]);
    }
    return new SparseRows(starts, allColumns, allValues);
  }

  /** These rows times a vector of all columns. */
  void times(double[] vector, double[] result) {
    for (int row = 0; row < starts.length - 1; row++) {
      result[row] = product(values, columns, starts[row], starts[row + 1], vector);
    }
  }

  /** Two sums: each addition waits for the one before it, and so only half as long. */
  private static double product(
      double[] values, int[] columns, int from, int to, double[] vector) {
    double even = 0;
    double odd = 0;
    int i = from;
    for (; i + 1 < to; i += 2) {
      even += values[i] * vector[columns[i]];
      odd += values[i + 1] * vector[columns[i + 1]];
    }
    return i < to ? even + odd + values[i] * vector[columns[i]] : even + odd;
  }
}
