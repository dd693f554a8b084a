package io.places.examples.pipeline;

import io.places.node.Node;
import io.places.place.GroupMember;
import io.places.place.PlaceGroup;
import java.util.List;

/**
 * Replaces each cell of a matrix by the square of the sum of its old value and its new left neighbour.
 *
 * <p>A cell needs the one to its left, so a row cannot be shared out. But each column is a place: while
 * one is at a row, those to its left are at later rows. Dissertation, 3.4.2.2.
 */
public final class MatrixPipeline {
  private MatrixPipeline() {}

  /** The dissertation's matrix, 5 by 5, row by row. */
  public static double[] example() {
    return new double[] {
      0.0, 1.0, 2.0, 3.0, 4.0, //
      0.1, 1.1, 2.1, 3.1, 4.1, //
      0.2, 1.2, 2.2, 3.2, 4.2, //
      0.3, 1.3, 2.3, 3.3, 4.3, //
      0.4, 1.4, 2.4, 3.4, 4.4
    };
  }

  /**
   * The new matrix, computed by one place for each column.
   *
   * @param matrix the old one, row by row
   * @throws IllegalArgumentException if the cells do not make up full rows
   */
  public static double[] run(double[] matrix, int columns) {
    if (columns < 1 || matrix.length % columns != 0) {
      throw new IllegalArgumentException(
          "%d cells make up no rows of %d columns".formatted(matrix.length, columns));
    }
    try (Node node = Node.start()) {
      return transposed(PlaceGroup.forkJoin(node, columns, MatrixPipeline::column, matrix));
    }
  }

  /** Runs in the place of one column: takes it through all rows, from the top down. */
  static double[] column(GroupMember self, double[] matrix) {
    double[] column = new double[matrix.length / self.size()];
    for (int row = 0; row < column.length; row++) {
      double cell = matrix[row * self.size() + self.rank()];
      column[row] = self.pipeline(Double.class, 0.0, left -> square(cell + left));
    }
    return column;
  }

  static double square(double value) {
    return value * value;
  }

  private static double[] transposed(List<double[]> columns) {
    int rows = columns.getFirst().length;
    double[] matrix = new double[rows * columns.size()];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns.size(); column++) {
        matrix[row * columns.size() + column] = columns.get(column)[row];
      }
    }
    return matrix;
  }
}
