package io.places.rmpi;

/**
 * A value and where it is: for reductions that ask who has the least or the greatest (MPI 4.1, 6.9.4).
 *
 * @param location a rank, say, or an index
 */
public record Located(double value, long location) {
  /** The lesser of two; of equal ones the one with the lower location. NaN counts as greater than all. */
  public static Located min(Located a, Located b) {
    int order = Double.compare(a.value, b.value);
    return order < 0 || (order == 0 && a.location <= b.location) ? a : b;
  }

  /** The greater of two; of equal ones the one with the lower location. NaN counts as greater than all. */
  public static Located max(Located a, Located b) {
    int order = Double.compare(a.value, b.value);
    return order > 0 || (order == 0 && a.location <= b.location) ? a : b;
  }
}
