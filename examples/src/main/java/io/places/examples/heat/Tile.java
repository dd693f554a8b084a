package io.places.examples.heat;

import io.places.rmpi.Cartesian;
import io.places.rmpi.Slice;

/*
 * The cells lie row by row, with one more row and column on each side: the halo, copies of the neighbours'
 * outermost cells. A row is a slice whose elements lie together, a column one with a stride; neither is copied
 * by this program. At the border of the plate the neighbour is PROC_NULL, and nothing is exchanged.
 */
/** One rank's part of the plate. */
final class Tile {
  private static final int TAG = 1;

  private final Cartesian grid;
  private final Plate plate;
  private final int top;
  private final int left;
  private final int rows;
  private final int columns;
  private final int width;
  private double[] cells;
  private double[] next;

  Tile(Cartesian grid, int[] sizes, Plate plate) {
    int[] at = grid.coordinates();
    this.grid = grid;
    this.plate = plate;
    this.top = start(plate, at[0], sizes[0]);
    this.left = start(plate, at[1], sizes[1]);
    this.rows = start(plate, at[0] + 1, sizes[0]) - top;
    this.columns = start(plate, at[1] + 1, sizes[1]) - left;
    this.width = columns + 2;
    this.cells = new double[(rows + 2) * width];
    this.next = new double[cells.length];
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        cells[index(row, column)] = plate.start(top + row, left + column);
      }
    }
  }

  /** The first row or column of a part of the plate, of so many. */
  private static int start(Plate plate, int part, int parts) {
    return (int) ((long) plate.size() * part / parts);
  }

  private int index(int row, int column) {
    return (row + 1) * width + column + 1;
  }

  /** Gets the neighbours' outermost cells, and gives them this tile's. */
  void exchange() {
    shift(0, 1, row(rows - 1), row(-1));
    shift(0, -1, row(0), row(rows));
    shift(1, 1, column(columns - 1), column(-1));
    shift(1, -1, column(0), column(columns));
  }

  private void shift(int dimension, int by, Slice out, Slice in) {
    Cartesian.Shift shift = grid.shift(dimension, by);
    grid.comm().sendrecv(out, shift.destination(), TAG, in, shift.source(), TAG);
  }

  private Slice row(int row) {
    return Slice.of(cells, index(row, 0), columns);
  }

  private Slice column(int column) {
    return Slice.of(cells, index(0, column), rows, width);
  }

  /** Lets each cell take the mean of its four neighbours; gives the largest change. */
  double step() {
    double most = 0;
    for (int row = 0; row < rows; row++) {
      for (int column = 0; column < columns; column++) {
        int i = index(row, column);
        if (plate.isFixed(top + row, left + column)) {
          next[i] = cells[i];
        } else {
          next[i] = (cells[i - width] + cells[i + width] + cells[i - 1] + cells[i + 1]) / 4;
          most = Math.max(most, Math.abs(next[i] - cells[i]));
        }
      }
    }
    double[] old = cells;
    cells = next;
    next = old;
    return most;
  }

  /** The cells without the halo, row by row. */
  double[] inside() {
    double[] inside = new double[rows * columns];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(cells, index(row, 0), inside, row * columns, columns);
    }
    return inside;
  }

  Frame frame() {
    return new Frame(top, left, rows, columns);
  }

  /** Where a tile lies on the plate. */
  record Frame(int top, int left, int rows, int columns) {
    int cells() {
      return rows * columns;
    }
  }
}
