package io.places.mapreduce;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;

/*
 * The file is deleted as soon as it is open: it lives on without a name, and the system frees it when it
 * is closed or its process is gone, however that came about. Where an open file cannot be deleted, that is
 * done when it is closed.
 *
 * A RandomAccessFile and not a FileChannel, because an interrupt closes a channel for all its users: a
 * reducer that is stopped must not take the map output from the others.
 */

/** Temporary data of one task on disk. Safe for use by many threads. */
final class SpillFile implements AutoCloseable {
  private final Path folder;
  private final Path path;
  private final RandomAccessFile file;

  /** Guarded by this. */
  private long length;

  SpillFile(Path folder, Path path, RandomAccessFile file) {
    this.folder = folder;
    this.path = path;
    this.file = file;
  }

  static SpillFile create(Path folder) {
    try {
      Path path = Files.createTempFile(folder, "places-mapreduce-", ".spill");
      RandomAccessFile file;
      try {
        file = new RandomAccessFile(path.toFile(), "rw");
      } finally {
        delete(path);
      }
      return new SpillFile(folder, path, file);
    } catch (IOException e) {
      throw new TemporaryFileException("make", folder, 0, e);
    }
  }

  /** Writes at the end. */
  synchronized void append(byte[] bytes) {
    try {
      file.seek(length);
      file.write(bytes);
      length += bytes.length;
    } catch (IOException e) {
      throw new TemporaryFileException("write", folder, length, e);
    }
  }

  synchronized long length() {
    return length;
  }

  synchronized byte[] read(long at, int size) {
    byte[] bytes = new byte[size];
    try {
      file.seek(at);
      file.readFully(bytes);
      return bytes;
    } catch (IOException e) {
      throw new TemporaryFileException("read", folder, at, e);
    }
  }

  /** Gives the space back. */
  @Override
  public synchronized void close() {
    try {
      file.close();
    } catch (IOException e) {
      // There is nothing left to lose.
    }
    delete(path);
  }

  private static void delete(Path path) {
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      path.toFile().deleteOnExit();
    }
  }
}
