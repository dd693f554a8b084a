package io.places.examples.kmeans;

import io.places.PlacesException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What is to be clustered, and how.
 *
 * @param iterations how many at most
 * @param input a CSV file or a picture; or else
 * @param generated data that are made up
 */
public record KMeansSettings(
    int k, int iterations, long seed, @Nullable Path input, @Nullable Blobs generated) {
  public KMeansSettings {
    if (k < 1 || iterations < 1) {
      throw new PlacesException(
          "k and the iterations are 1 at least, not %d and %d".formatted(k, iterations));
    }
    if ((input == null) == (generated == null)) {
      throw new PlacesException("there must be either an input or data to be made");
    }
  }

  /** As the arguments of {@link KMeans}. */
  public String[] toArguments() {
    return new String[] {
      Integer.toString(k),
      Integer.toString(iterations),
      Long.toString(seed),
      input == null ? "" : input.toString(),
      generated == null ? "" : generated.toString()
    };
  }

  static KMeansSettings of(String[] arguments) {
    return new KMeansSettings(
        Integer.parseInt(arguments[0]),
        Integer.parseInt(arguments[1]),
        Long.parseLong(arguments[2]),
        arguments[3].isEmpty() ? null : Path.of(arguments[3]),
        arguments[4].isEmpty() ? null : Blobs.parse(arguments[4]));
  }
}
