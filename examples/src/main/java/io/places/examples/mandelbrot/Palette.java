package io.places.examples.mandelbrot;

import java.awt.image.BufferedImage;
import java.awt.image.DataBuffer;
import java.awt.image.DataBufferByte;
import java.awt.image.IndexColorModel;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;

/** Gives each number of steps a colour: from dark blue over white and gold to brown; inside is black. */
final class Palette {
  private static final int COLOURS = 256;

  /** The number of steps, and red, green and blue there; linear in between. */
  private static final int[][] STOPS = {
    {1, 0, 7, 70}, {6, 20, 80, 180}, {14, 235, 250, 255}, {30, 255, 180, 30}, {80, 150, 60, 0},
    {255, 255, 240, 200}
  };

  private Palette() {}

  /** An image that shows the pixels themselves, not a copy. */
  static BufferedImage image(int size, byte[] pixels) {
    WritableRaster raster =
        Raster.createInterleavedRaster(
            new DataBufferByte(pixels, pixels.length), size, size, size, 1, new int[] {0}, null);
    return new BufferedImage(colours(), raster, false, null);
  }

  private static IndexColorModel colours() {
    byte[][] channels = new byte[3][COLOURS];
    for (int stop = 1; stop < STOPS.length; stop++) {
      int[] from = STOPS[stop - 1];
      int[] to = STOPS[stop];
      for (int steps = from[0]; steps <= to[0]; steps++) {
        for (int channel = 0; channel < channels.length; channel++) {
          int rise = to[channel + 1] - from[channel + 1];
          int value = from[channel + 1] + rise * (steps - from[0]) / (to[0] - from[0]);
          channels[channel][steps] = (byte) value;
        }
      }
    }
    return new IndexColorModel(
        DataBuffer.getDataTypeSize(DataBuffer.TYPE_BYTE),
        COLOURS,
        channels[0],
        channels[1],
        channels[2]);
  }
}
