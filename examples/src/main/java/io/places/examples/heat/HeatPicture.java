package io.places.examples.heat;

import java.awt.image.BufferedImage;

/** Temperatures as colours: from dark blue over violet and orange to a light yellow. */
public final class HeatPicture {
  /** Red, green and blue at equal distances between the coldest and the hottest; linear in between. */
  private static final int[][] STOPS = {
    {10, 10, 60}, {70, 20, 130}, {170, 40, 110}, {240, 110, 40}, {255, 240, 160}
  };

  private HeatPicture() {}

  /** A pixel for each cell of a square plate. */
  public static BufferedImage of(double[] plate) {
    int size = (int) Math.sqrt(plate.length);
    var image = new BufferedImage(size, size, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < plate.length; i++) {
      image.setRGB(i % size, i / size, colour(plate[i]));
    }
    return image;
  }

  private static int colour(double temperature) {
    double part = (temperature - Plate.COLDEST) / (Plate.HOTTEST - Plate.COLDEST);
    double position = Math.clamp(part, 0.0, 1.0) * (STOPS.length - 1);
    int below = Math.min((int) position, STOPS.length - 2);
    int colour = 0;
    for (int channel = 0; channel < 3; channel++) {
      int from = STOPS[below][channel];
      int rise = STOPS[below + 1][channel] - from;
      colour = colour << 8 | (int) (from + rise * (position - below));
    }
    return colour;
  }
}
