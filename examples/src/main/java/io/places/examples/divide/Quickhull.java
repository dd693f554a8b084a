package io.places.examples.divide;

import io.places.ndp.DivideAndConquer;
import io.places.ndp.Ndp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/*
 * Quickhull (Eddy, "A new convex hull algorithm for planar sets", ACM TOMS 3(4), 1977), as in the NESL tutorial
 * (Blelloch). A problem is a line from one point of the hull to another, and the points to its left. The one that is
 * farthest from the line is of the hull, too; what is left of the two lines to it and from it are the parts. What is
 * left of neither is within the hull.
 */
/** The convex hull of points in the plane. */
public final class Quickhull implements DivideAndConquer<Quickhull.Side, Quickhull.Points> {
  private static final int SMALL = 10_000;

  /** Points by their coordinates. */
  @SuppressWarnings("ArrayRecordComponent") // never compared; arrays travel as they are
  public record Points(double[] x, double[] y) {
    public Points {
      if (x.length != y.length) {
        throw new IllegalArgumentException(
            "%d x and %d y: a point has one of each".formatted(x.length, y.length));
      }
    }

    /** How many. */
    public int size() {
      return x.length;
    }
  }

  /** The points to the left of a line, looking along it. */
  public record Side(Points points, double fromX, double fromY, double toX, double toY) {
    private double distance(double x, double y) {
      return (toX - fromX) * (y - fromY) - (toY - fromY) * (x - fromX);
    }

    private int farthest() {
      int farthest = 0;
      double most = 0;
      for (int i = 0; i < points.size(); i++) {
        double distance = distance(points.x()[i], points.y()[i]);
        if (distance > most) {
          most = distance;
          farthest = i;
        }
      }
      return farthest;
    }

    private Side leftOf(double x1, double y1, double x2, double y2) {
      Side line = new Side(points, x1, y1, x2, y2);
      double[] x = new double[points.size()];
      double[] y = new double[points.size()];
      int size = 0;
      for (int i = 0; i < points.size(); i++) {
        if (line.distance(points.x()[i], points.y()[i]) > 0) {
          x[size] = points.x()[i];
          y[size++] = points.y()[i];
        }
      }
      return new Side(
          new Points(Arrays.copyOf(x, size), Arrays.copyOf(y, size)),
          x1,
          y1,
          x2,
          y2);
    }
  }

  /** The corners of the hull, clockwise from the leftmost; no point lies on the line between two of them. */
  public static Points hull(Points points) {
    if (points.size() == 0) {
      return points;
    }
    int left = 0;
    int right = 0;
    for (int i = 1; i < points.size(); i++) {
      left = isBefore(points, i, left) ? i : left;
      right = isBefore(points, right, i) ? i : right;
    }
    double lx = points.x()[left];
    double ly = points.y()[left];
    double rx = points.x()[right];
    double ry = points.y()[right];
    if (lx == rx && ly == ry) {
      return new Points(new double[] {lx}, new double[] {ly});
    }
    Side all = new Side(points, lx, ly, rx, ry);
    List<Points> sides =
        Ndp.forEach(
                List.of(List.of(all.leftOf(lx, ly, rx, ry), all.leftOf(rx, ry, lx, ly))),
                side -> Ndp.solve(side, Quickhull.class))
            .getFirst();
    return joined(sides);
  }

  private static boolean isBefore(Points points, int i, int j) {
    return points.x()[i] < points.x()[j]
        || (points.x()[i] == points.x()[j] && points.y()[i] < points.y()[j]);
  }

  @Override
  public boolean isSmall(Side side) {
    return side.points().size() <= SMALL;
  }

  @Override
  public List<Side> split(Side side) {
    int farthest = side.farthest();
    double x = side.points().x()[farthest];
    double y = side.points().y()[farthest];
    return List.of(
        side.leftOf(side.fromX(), side.fromY(), x, y), side.leftOf(x, y, side.toX(), side.toY()));
  }

  /** The corners from the beginning of the line on, without its end. */
  @Override
  public Points solve(Side side) {
    if (side.points().size() == 0) {
      return new Points(new double[] {side.fromX()}, new double[] {side.fromY()});
    }
    List<Points> parts = new ArrayList<>();
    for (Side part : split(side)) {
      parts.add(solve(part));
    }
    return joined(parts);
  }

  @Override
  public Points combine(Side side, List<Points> parts) {
    return joined(parts);
  }

  private static Points joined(List<Points> parts) {
    int size = parts.stream().mapToInt(Points::size).sum();
    double[] x = new double[size];
    double[] y = new double[size];
    int at = 0;
    for (Points part : parts) {
      System.arraycopy(part.x(), 0, x, at, part.size());
      System.arraycopy(part.y(), 0, y, at, part.size());
      at += part.size();
    }
    return new Points(x, y);
  }

  @Override
  public double work(Side side) {
    return 20.0 * side.points().size();
  }

  @Override
  public long resultBytes(Side side, long bytes) {
    return 1_000; // of random points few are of the hull
  }
}
