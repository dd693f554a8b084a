package io.places.examples.sessions;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.SplittableRandom;

/** A log that is made up: visits of some users, in random order of time. */
public final class GeneratedLog {
  private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

  /** On average a user is heard of twice an hour: with a gap of half an hour, sessions of all lengths. */
  private static final int SECONDS_PER_VISIT = 1800;

  private GeneratedLog() {}

  /**
   * Writes a new file; the same numbers and seed give the same lines.
   *
   * @throws java.nio.file.FileAlreadyExistsException if there is such a file
   */
  public static void write(Path file, long visits, int users, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    long span = Math.max(1, visits / users * SECONDS_PER_VISIT);
    try (BufferedWriter out = Files.newBufferedWriter(file, StandardOpenOption.CREATE_NEW)) {
      for (long visit = 0; visit < visits; visit++) {
        out.write(BEGIN.plusSeconds(random.nextLong(span)).toString());
        out.write(" user-" + random.nextInt(users) + " /page/" + random.nextInt(100) + "\n");
      }
    }
  }
}
