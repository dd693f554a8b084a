package io.places.examples.kmeansmr;

import io.places.examples.kmeans.Blobs;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of points that are made up. */
public final class PointsFile {
  private static final int BLOCK = 10_000;

  private PointsFile() {}

  /**
   * Writes a new file; the same points and seed give the same lines.
   *
   * @throws java.nio.file.FileAlreadyExistsException if there is such a file
   */
  public static void write(Path file, Blobs blobs, long seed) throws IOException {
    double[] values = new double[BLOCK * blobs.dimensions()];
    try (BufferedWriter out = Files.newBufferedWriter(file, StandardOpenOption.CREATE_NEW)) {
      for (int from = 0; from < blobs.points(); from += BLOCK) {
        int to = Math.min(blobs.points(), from + BLOCK);
        blobs.make(seed, from / BLOCK, from, to, values, 0);
        for (int i = 0; i < (to - from) * blobs.dimensions(); i++) {
          out.write(Double.toString(values[i]));
          out.write((i + 1) % blobs.dimensions() == 0 ? '\n' : ',');
        }
      }
    }
  }
}
