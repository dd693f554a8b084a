package io.places.examples.divide;

import io.places.ndp.DivideAndConquer;
import io.places.ndp.Ndp;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/*
 * Barnes and Hut, "A hierarchical O(N log N) force-calculation algorithm", Nature 324, 1986, in the plane. Bodies are
 * sorted into a tree of squares; a square that is far away, in proportion to its size, pulls as one body does.
 */
/**
 * Bodies in the plane, which pull each other.
 *
 * @param x in any unit
 * @param mass in a unit in which the gravitational constant is 1
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Bodies(double[] x, double[] y, double[] mass) {
  /** Squares of a side that is no more than this part of their distance pull as one body. */
  private static final double THETA = 0.5;

  /** Bodies that lie on each other pull with a force that has a bound. */
  private static final double SOFTENING = 1e-4;

  private static final int SMALL = 256;

  /** What each body is pulled by. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Forces(double[] x, double[] y) {}

  /** Bodies scattered over a disc, more of them in the middle. */
  public static Bodies galaxy(int count, long seed) {
    var random = new SplittableRandom(seed);
    Bodies bodies = new Bodies(new double[count], new double[count], new double[count]);
    for (int i = 0; i < count; i++) {
      double radius = Math.pow(random.nextDouble(), 2);
      double angle = random.nextDouble() * 2 * Math.PI;
      bodies.x[i] = radius * Math.cos(angle);
      bodies.y[i] = radius * Math.sin(angle);
      bodies.mass[i] = 0.5 + random.nextDouble();
    }
    return bodies;
  }

  /** The forces, approximately. */
  public Forces forces() {
    Square all = Square.around(this);
    Forces forces = new Forces(new double[x.length], new double[x.length]);
    int done = Ndp.solve(new Stretch(0, x.length), new Pulling(this, all, forces));
    assert done == x.length;
    return forces;
  }

  /** The forces by all pairs. */
  public Forces exactForces() {
    Forces forces = new Forces(new double[x.length], new double[x.length]);
    for (int i = 0; i < x.length; i++) {
      for (int j = 0; j < x.length; j++) {
        if (i != j) {
          pull(i, x[j], y[j], mass[j], forces);
        }
      }
    }
    return forces;
  }

  private void pull(int body, double byX, double byY, double byMass, Forces forces) {
    double dx = byX - x[body];
    double dy = byY - y[body];
    double squared = dx * dx + dy * dy + SOFTENING * SOFTENING;
    double force = mass[body] * byMass / (squared * Math.sqrt(squared));
    forces.x[body] += force * dx;
    forces.y[body] += force * dy;
  }

  /** Bodies from one to another. */
  private record Stretch(int from, int to) {}

  /** Finds the forces on bodies; gives how many. */
  private record Pulling(Bodies bodies, Square all, Forces forces)
      implements DivideAndConquer<Stretch, Integer> {
    @Override
    public boolean isSmall(Stretch stretch) {
      return stretch.to() - stretch.from() <= SMALL;
    }

    @Override
    public List<Stretch> split(Stretch stretch) {
      int middle = (stretch.from() + stretch.to()) / 2;
      return List.of(new Stretch(stretch.from(), middle), new Stretch(middle, stretch.to()));
    }

    @Override
    public Integer solve(Stretch stretch) {
      for (int body = stretch.from(); body < stretch.to(); body++) {
        pull(body, all);
      }
      return stretch.to() - stretch.from();
    }

    private void pull(int body, Square by) {
      if (by.count == 0) {
        return;
      }
      double dx = by.centreX() - bodies.x[body];
      double dy = by.centreY() - bodies.y[body];
      if (by.parts == null) {
        for (int i = 0; i < by.count; i++) {
          if (by.bodies[i] != body) {
            int other = by.bodies[i];
            bodies.pull(body, bodies.x[other], bodies.y[other], bodies.mass[other], forces);
          }
        }
      } else if (by.side * by.side <= THETA * THETA * (dx * dx + dy * dy)) {
        bodies.pull(body, by.centreX(), by.centreY(), by.mass, forces);
      } else {
        for (Square part : by.parts) {
          pull(body, part);
        }
      }
    }

    @Override
    public Integer combine(Stretch stretch, List<Integer> parts) {
      return parts.get(0) + parts.get(1);
    }

    @Override
    public double work(Stretch stretch) {
      return 5_000.0 * (stretch.to() - stretch.from());
    }
  }

  /** A square of the plane and the bodies in it. */
  private static final class Square {
    private static final int FEW = 8;
    private static final int DEEPEST = 40; // bodies on the same spot cannot be told apart

    private final double x; // of its lower left
    private final double y;
    private final double side;
    private final int depth;
    private int[] bodies = new int[FEW];
    private int count;
    private double mass;
    private double weightedX;
    private double weightedY;
    private Square @Nullable [] parts;

    private Square(double x, double y, double side, int depth) {
      this.x = x;
      this.y = y;
      this.side = side;
      this.depth = depth;
    }

    static Square around(Bodies of) {
      double least = Double.POSITIVE_INFINITY;
      double most = Double.NEGATIVE_INFINITY;
      for (int i = 0; i < of.x.length; i++) {
        least = Math.min(least, Math.min(of.x[i], of.y[i]));
        most = Math.max(most, Math.max(of.x[i], of.y[i]));
      }
      Square all = new Square(least, least, Math.max(most - least, 1e-9), 0);
      for (int i = 0; i < of.x.length; i++) {
        all.add(of, i);
      }
      return all;
    }

    private void add(Bodies of, int body) {
      mass += of.mass[body];
      weightedX += of.mass[body] * of.x[body];
      weightedY += of.mass[body] * of.y[body];
      if (parts == null && count >= FEW && depth < DEEPEST) {
        divide(of);
      }
      if (parts != null) {
        count++;
        partOf(parts, of, body).add(of, body);
        return;
      }
      if (count == bodies.length) {
        bodies = Arrays.copyOf(bodies, 2 * count);
      }
      bodies[count++] = body;
    }

    private void divide(Bodies of) {
      double half = side / 2;
      Square[] quarters = {
        new Square(x, y, half, depth + 1),
        new Square(x + half, y, half, depth + 1),
        new Square(x, y + half, half, depth + 1),
        new Square(x + half, y + half, half, depth + 1)
      };
      for (int i = 0; i < count; i++) {
        partOf(quarters, of, bodies[i]).add(of, bodies[i]);
      }
      parts = quarters;
      bodies = new int[0];
    }

    private Square partOf(Square[] quarters, Bodies of, int body) {
      int right = of.x[body] >= x + side / 2 ? 1 : 0;
      int upper = of.y[body] >= y + side / 2 ? 2 : 0;
      return quarters[right + upper];
    }

    double centreX() {
      return weightedX / mass;
    }

    double centreY() {
      return weightedY / mass;
    }
  }
}
