package io.places.peers;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;

/** Makes lines of 100 bytes to be sorted by their first ten, or points around centres. */
final class Data {
  private Data() {}

  /** Arguments: {@code records FILE N}, or {@code points FILE N DIMENSIONS CENTRES}. */
  public static void main(String[] arguments) throws IOException {
    SplittableRandom random = new SplittableRandom(42);
    int count = Integer.parseInt(arguments[2]);
    try (OutputStream out =
        new BufferedOutputStream(Files.newOutputStream(Path.of(arguments[1])), 1 << 20)) {
      if (arguments[0].equals("records")) {
        records(out, count, random);
      } else {
        points(out, count, Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]), random);
      }
    }
  }

  private static void records(OutputStream out, int count, SplittableRandom random) throws IOException {
    byte[] record = new byte[100];
    for (int number = 0; number < count; number++) {
      for (int i = 0; i < 10; i++) {
        record[i] = (byte) (' ' + 1 + random.nextInt(94));
      }
      for (int i = 10; i < 99; i++) {
        record[i] = (byte) ('A' + (number + i) % 26);
      }
      record[99] = '\n';
      out.write(record);
    }
  }

  private static void points(
      OutputStream out, int count, int dimensions, int centres, SplittableRandom random) throws IOException {
    double[][] centre = new double[centres][dimensions];
    for (double[] each : centre) {
      for (int d = 0; d < dimensions; d++) {
        each[d] = random.nextDouble(-100, 100);
      }
    }
    for (int number = 0; number < count; number++) {
      double[] around = centre[random.nextInt(centres)];
      StringBuilder line = new StringBuilder();
      for (int d = 0; d < dimensions; d++) {
        line.append(d == 0 ? "" : ",")
            .append(Math.round((around[d] + 10 * random.nextGaussian()) * 1e6) / 1e6);
      }
      out.write(line.append('\n').toString().toLowerCase(Locale.ROOT).getBytes(StandardCharsets.US_ASCII));
    }
  }
}
