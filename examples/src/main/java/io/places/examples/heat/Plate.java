package io.places.examples.heat;

/** A square plate: a hot and a cold disc in it and its border keep their temperature, the rest does not. */
record Plate(int size) {
  static final double COLDEST = 0;
  static final double HOTTEST = 100;
  private static final double BORDER = 30;

  /** A disc; its middle and radius are parts of the plate's width. */
  private record Disc(double row, double column, double radius, double temperature) {
    boolean contains(double atRow, double atColumn) {
      return Math.hypot(atRow - row, atColumn - column) <= radius;
    }
  }

  private static final Disc HOT = new Disc(0.35, 0.3, 0.1, HOTTEST);
  private static final Disc COLD = new Disc(0.6, 0.7, 0.12, COLDEST);

  /** Whether a cell keeps its temperature. */
  boolean isFixed(int row, int column) {
    return isBorder(row, column) || isIn(HOT, row, column) || isIn(COLD, row, column);
  }

  /** The temperature of a cell in the beginning. */
  double start(int row, int column) {
    if (isBorder(row, column)) {
      return BORDER;
    }
    return isIn(HOT, row, column) ? HOTTEST : isIn(COLD, row, column) ? COLDEST : BORDER;
  }

  private boolean isBorder(int row, int column) {
    return row == 0 || column == 0 || row == size - 1 || column == size - 1;
  }

  private boolean isIn(Disc disc, int row, int column) {
    return disc.contains((row + 0.5) / size, (column + 0.5) / size);
  }
}
