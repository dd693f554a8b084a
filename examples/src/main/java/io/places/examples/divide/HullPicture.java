package io.places.examples.divide;

import io.places.examples.divide.Quickhull.Points;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;
import java.util.Arrays;

/** Points and their hull as a picture. */
public final class HullPicture {
  private static final int SIZE = 800;
  private static final int MARGIN = 40;
  private static final int MOST_POINTS = 200_000; // of those that are drawn

  private HullPicture() {}

  /** Draws them; of very many points, some. */
  public static BufferedImage of(Points points, Points hull) {
    BufferedImage picture = new BufferedImage(SIZE, SIZE, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = picture.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, SIZE, SIZE);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    double least = Math.min(least(hull.x()), least(hull.y()));
    double most = Math.max(most(hull.x()), most(hull.y()));
    double scale = (SIZE - 2 * MARGIN) / Math.max(most - least, 1e-300);
    graphics.setColor(new Color(70, 110, 170, 110));
    int step = Math.ceilDiv(points.size(), MOST_POINTS);
    for (int i = 0; i < points.size(); i += Math.max(1, step)) {
      double x = MARGIN + (points.x()[i] - least) * scale;
      double y = SIZE - MARGIN - (points.y()[i] - least) * scale;
      graphics.fill(new Ellipse2D.Double(x - 1, y - 1, 2, 2));
    }
    graphics.setColor(new Color(200, 60, 40));
    graphics.setStroke(new BasicStroke(2));
    Path2D line = new Path2D.Double();
    for (int i = 0; i < hull.size(); i++) {
      double x = MARGIN + (hull.x()[i] - least) * scale;
      double y = SIZE - MARGIN - (hull.y()[i] - least) * scale;
      if (i == 0) {
        line.moveTo(x, y);
      } else {
        line.lineTo(x, y);
      }
      graphics.fill(new Ellipse2D.Double(x - 4, y - 4, 8, 8));
    }
    if (hull.size() > 0) {
      line.closePath();
    }
    graphics.draw(line);
    graphics.dispose();
    return picture;
  }

  private static double least(double[] values) {
    return Arrays.stream(values).min().orElse(0);
  }

  private static double most(double[] values) {
    return Arrays.stream(values).max().orElse(1);
  }
}
