package io.places.examples.kmeans;

import io.places.PlacesException;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.awt.image.ComponentColorModel;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/**
 * A PNG or JPEG picture, whose pixels are points: red, green and blue, 0 to 255. A pixel that is wholly transparent is
 * none, since nobody sees its colour.
 */
final class Picture {
  private static final int CHANNELS = 3;
  private static final int MOST = 255;
  private static final int ALPHA_SHIFT = 24;
  private static final int ALPHA = MOST << ALPHA_SHIFT;

  /** How such files begin. */
  private static final List<byte[]> SIGNATURES =
      List.of(
          new byte[] {(byte) 0x89, 'P', 'N', 'G'},
          new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF});

  private final int width;
  private final int height;

  /** 0xAARRGGBB, row by row. */
  private final int[] pixels;

  private final boolean hasAlpha;

  private Picture(BufferedImage image) {
    width = image.getWidth();
    height = image.getHeight();
    pixels = new int[width * height];
    hasAlpha = image.getColorModel().hasAlpha();
    if (isGrey(image)) {
      readGrey(image);
    } else {
      image.getRGB(0, 0, width, height, pixels, 0, width);
    }
  }

  /** Colours of a palette are none of these: they are as the file has them. */
  private static boolean isGrey(BufferedImage image) {
    return image.getColorModel() instanceof ComponentColorModel model
        && model.getColorSpace().equals(ColorSpace.getInstance(ColorSpace.CS_GRAY));
  }

  /** As the file has it: {@code getRGB} takes such a grey for one that is linear, and makes it lighter than it is. */
  private void readGrey(BufferedImage image) {
    ColorModel model = image.getColorModel();
    int mostGrey = (1 << model.getComponentSize(0)) - 1;
    int mostAlpha = hasAlpha ? (1 << model.getComponentSize(1)) - 1 : MOST;
    int[] row = new int[width];
    int[] alphas = new int[width];
    Arrays.fill(alphas, MOST);
    for (int y = 0; y < height; y++) {
      image.getRaster().getSamples(0, y, width, 1, 0, row);
      if (hasAlpha) {
        image.getRaster().getSamples(0, y, width, 1, 1, alphas);
      }
      for (int x = 0; x < width; x++) {
        int grey = scaled(row[x], mostGrey);
        pixels[y * width + x] = (scaled(alphas[x], mostAlpha) << ALPHA_SHIFT) | grey * 0x010101;
      }
    }
  }

  private static int scaled(int sample, int most) {
    return Math.round((float) sample * MOST / most);
  }

  /** Whether a file begins as a picture does; one that cannot be read does not. */
  static boolean isAt(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(4);
      return SIGNATURES.stream()
          .anyMatch(
              signature ->
                  start.length >= signature.length
                      && Arrays.equals(signature, Arrays.copyOf(start, signature.length)));
    } catch (IOException e) {
      return false; // who reads it as text says why
    }
  }

  static Picture read(Path file) {
    try {
      BufferedImage image = ImageIO.read(file.toFile());
      if (image == null) {
        throw new PlacesException("this JDK cannot read the picture " + file);
      }
      return new Picture(image);
    } catch (IOException e) {
      throw new PlacesException("cannot read the picture %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * Where the picture goes that has only so many colours: beside the original, by its name without the ending. With it if
   * there is another picture that differs in the ending alone: neither is to take the other's place.
   */
  static Path quantised(Path original, int colours) {
    String own = hasTwin(original) ? String.valueOf(original.getFileName()) : stem(original);
    return original.resolveSibling("%s-%d-colours.png".formatted(own, colours));
  }

  private static String stem(Path file) {
    String name = String.valueOf(file.getFileName());
    int end = name.lastIndexOf('.');
    return end > 0 ? name.substring(0, end) : name;
  }

  private static boolean hasTwin(Path original) {
    Path absolute = original.toAbsolutePath();
    try (Stream<Path> beside = Files.list(absolute.getParent())) {
      return beside.anyMatch(
          file -> stem(file).equals(stem(absolute)) && !file.equals(absolute) && isAt(file));
    } catch (IOException | UncheckedIOException e) {
      return false; // who may not look there does not know of any
    }
  }

  /** Those of the pixels that can be seen, row by row; there may be none. */
  Points points() {
    int visible = (int) Arrays.stream(pixels).filter(Picture::isVisible).count();
    double[] values = new double[Math.multiplyExact(visible, CHANNELS)];
    int at = 0;
    for (int pixel : pixels) {
      if (isVisible(pixel)) {
        values[at++] = (pixel >> 16) & MOST;
        values[at++] = (pixel >> 8) & MOST;
        values[at++] = pixel & MOST;
      }
    }
    return new Points(CHANNELS, values);
  }

  private static boolean isVisible(int pixel) {
    return pixel >>> ALPHA_SHIFT != 0;
  }

  /** The picture with each point in the colour of its cluster, and each pixel as transparent as it was. */
  BufferedImage withColours(double[] centroids, int[] clusters) {
    int[] colours = colours(centroids);
    int[] coloured = new int[pixels.length];
    int point = 0;
    for (int i = 0; i < pixels.length; i++) {
      if (isVisible(pixels[i])) {
        coloured[i] = (pixels[i] & ALPHA) | colours[clusters[point++]];
      }
    }
    var copy =
        new BufferedImage(
            width, height, hasAlpha ? BufferedImage.TYPE_INT_ARGB : BufferedImage.TYPE_INT_RGB);
    copy.setRGB(0, 0, width, height, coloured, 0, width);
    return copy;
  }

  /** The colours that come nearest to centroids, as 0xRRGGBB. */
  static int[] colours(double[] centroids) {
    int[] colours = new int[centroids.length / CHANNELS];
    for (int i = 0; i < centroids.length; i++) {
      int value = Math.clamp(Math.round(centroids[i]), 0, MOST);
      colours[i / CHANNELS] = colours[i / CHANNELS] << 8 | value;
    }
    return colours;
  }
}
