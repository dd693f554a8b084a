package io.places.examples.sort;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.zip.CRC32;

/**
 * What tells whether records are sorted, and whether they are the same as others.
 *
 * @param records how many there are
 * @param unordered how many have a lesser key than the one before
 * @param duplicates how many have the same key as the one before
 * @param checksum the sum of the records' checksums, whatever their order
 */
public record Summary(long records, long unordered, long duplicates, long checksum) {
  private static final int BUFFER_BYTES = 1 << 20;

  /** Of a file, or of the parts in a folder, one after the other in the order of their names. */
  public static Summary of(Path path) throws IOException {
    Reading reading = new Reading();
    for (Path file : files(path)) {
      reading.add(file);
    }
    return new Summary(reading.records, reading.unordered, reading.duplicates, reading.checksum);
  }

  private static List<Path> files(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> parts = Files.newDirectoryStream(path, "part-*")) {
      parts.forEach(files::add);
    }
    Collections.sort(files);
    return files;
  }

  private static final class Reading {
    private long records;
    private long unordered;
    private long duplicates;
    private long checksum;
    private final byte[] record = new byte[RecordSort.LENGTH];
    private final byte[] before = new byte[RecordSort.KEY_LENGTH];

    void add(Path file) throws IOException {
      try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
        int read;
        while ((read = in.readNBytes(record, 0, record.length)) == record.length) {
          addRecord();
        }
        if (read > 0) {
          throw new IOException(
              "%s ends within a record: the last one has %d bytes of %d"
                  .formatted(file, read, RecordSort.LENGTH));
        }
      }
    }

    private void addRecord() {
      CRC32 crc = new CRC32();
      crc.update(record);
      checksum += crc.getValue();
      if (records > 0) {
        int order = Arrays.compareUnsigned(before, 0, before.length, record, 0, before.length);
        unordered += order > 0 ? 1 : 0;
        duplicates += order == 0 ? 1 : 0;
      }
      System.arraycopy(record, 0, before, 0, before.length);
      records++;
    }
  }
}
