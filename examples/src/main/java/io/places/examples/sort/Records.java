package io.places.examples.sort;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.SplittableRandom;

/*
 * Like those of the sort benchmark: a random key, then the number of the record, then bytes that tell a damaged
 * record from a whole one.
 */
/** Makes files of records. */
public final class Records {
  private static final int BUFFER_BYTES = 1 << 20;

  private Records() {}

  /**
   * Writes a new file; the same number and seed give the same bytes.
   *
   * @throws java.nio.file.FileAlreadyExistsException if there is such a file
   */
  public static void write(Path file, long count, long seed) throws IOException {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] record = new byte[RecordSort.LENGTH];
    ByteBuffer numbers = ByteBuffer.wrap(record);
    try (OutputStream out =
        new BufferedOutputStream(
            Files.newOutputStream(file, StandardOpenOption.CREATE_NEW), BUFFER_BYTES)) {
      for (long number = 0; number < count; number++) {
        numbers.putLong(0, random.nextLong());
        numbers.putShort(Long.BYTES, (short) random.nextInt());
        numbers.putLong(RecordSort.KEY_LENGTH, number);
        for (int i = RecordSort.KEY_LENGTH + Long.BYTES; i < record.length; i++) {
          record[i] = (byte) ('A' + (number + i) % 26);
        }
        out.write(record);
      }
    }
  }
}
