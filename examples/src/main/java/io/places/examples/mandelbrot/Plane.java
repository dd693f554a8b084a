package io.places.examples.mandelbrot;

/**
 * The part of the complex plane that is shown, from -1.5 - i to 0.5 + i, as a square of points.
 *
 * @param size points in a row, and rows
 */
record Plane(int size) {
  /** The colour of points that do not leave: those of the set, as far as can be told. */
  static final byte INSIDE = 0;

  /** Steps after which a point counts as inside: the other values of a byte are colours. */
  private static final int STEPS = 255;

  /**
   * After how many steps of z := z² + c the point c leaves the circle of radius 2: 1 to 255, as an
   * unsigned byte; or {@link #INSIDE}.
   */
  byte stepsToLeave(int column, int row) {
    double re = 2.0 * column / size - 1.5;
    double im = 2.0 * row / size - 1.0;
    double x = 0;
    double y = 0;
    for (int step = 1; step <= STEPS; step++) {
      double next = x * x - y * y + re;
      y = 2 * x * y + im;
      x = next;
      if (x * x + y * y > 4) {
        return (byte) step;
      }
    }
    return INSIDE;
  }
}
