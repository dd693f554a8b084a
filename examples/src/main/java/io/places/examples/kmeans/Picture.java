package io.places.examples.kmeans;

import io.places.PlacesException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;

/** A PNG or JPEG picture, whose pixels are points: red, green and blue, 0 to 255. Transparency is ignored. */
final class Picture {
  private static final int CHANNELS = 3;
  private static final int MOST = 255;

  /** How such files begin. */
  private static final List<byte[]> SIGNATURES =
      List.of(
          new byte[] {(byte) 0x89, 'P', 'N', 'G'},
          new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF});

  private final BufferedImage image;

  private Picture(BufferedImage image) {
    this.image = image;
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

  Points points() {
    int width = image.getWidth();
    double[] values = new double[Math.multiplyExact(width * image.getHeight(), CHANNELS)];
    int[] row = new int[width];
    int at = 0;
    for (int y = 0; y < image.getHeight(); y++) {
      image.getRGB(0, y, width, 1, row, 0, width);
      for (int colour : row) {
        values[at++] = (colour >> 16) & MOST;
        values[at++] = (colour >> 8) & MOST;
        values[at++] = colour & MOST;
      }
    }
    return new Points(CHANNELS, values);
  }

  /** The picture with each pixel in the colour of its cluster. */
  BufferedImage withColours(double[] centroids, int[] clusters) {
    var copy = new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
    int[] colours = colours(centroids);
    int[] pixels = Arrays.stream(clusters).map(cluster -> colours[cluster]).toArray();
    copy.setRGB(0, 0, copy.getWidth(), copy.getHeight(), pixels, 0, copy.getWidth());
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
