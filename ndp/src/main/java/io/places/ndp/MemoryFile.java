package io.places.ndp;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;

/*
 * It is read and written, not mapped: that is about as quick for large pieces, and a memory that is full is an
 * exception then, while touching a mapping ends the JVM. The file has a name only until all have opened it.
 */
/** A file in the memory of this machine, through which its processes pass each other numbers. */
final class MemoryFile implements AutoCloseable {
  /** Where numbers may begin: before is the token. */
  static final long DATA_AT = 4096;

  /** What it takes for a byte, written and read, as measured with tens of megabytes. */
  static final double NANOS_PER_BYTE = 0.3;

  private static final int TOKEN = 16;
  private static final Path MEMORY = Path.of("/dev/shm");

  private final Path path;
  private final byte[] token;
  private final FileChannel file;
  private final boolean own;

  private MemoryFile(Path path, byte[] token, FileChannel file, boolean own) {
    this.path = path;
    this.token = token;
    this.file = file;
    this.own = own;
  }

  /** Whether there is twice as much free memory of this kind. */
  static boolean hasRoom(long bytes) {
    try {
      return Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() / 2 >= bytes;
    } catch (IOException e) {
      return false;
    }
  }

  /** A new one; none if there is not twice as much free memory of this kind. */
  static Optional<MemoryFile> create(RandomGenerator random, long bytes) {
    if (!hasRoom(bytes)) {
      return Optional.empty();
    }
    try {
      Path path =
          Files.createTempFile(
              MEMORY,
              "places-ndp-",
              ".numbers",
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      try {
        FileChannel file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        byte[] token = new byte[TOKEN];
        random.nextBytes(token);
        file.write(ByteBuffer.wrap(token), 0);
        return Optional.of(new MemoryFile(path, token, file, true));
      } catch (IOException e) {
        Files.deleteIfExists(path);
        throw e;
      }
    } catch (IOException | UnsupportedOperationException e) {
      return Optional.empty(); // there are other ways
    }
  }

  /** That of another process; none if it is not on this machine. */
  static Optional<MemoryFile> open(String name, byte[] token) {
    try {
      Path path = Path.of(name);
      FileChannel file =
          FileChannel.open(
              path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
      byte[] found = new byte[TOKEN];
      if (file.read(ByteBuffer.wrap(found), 0) == TOKEN && Arrays.equals(found, token)) {
        return Optional.of(new MemoryFile(path, token, file, false));
      }
      file.close();
    } catch (IOException | IllegalArgumentException | UnsupportedOperationException e) {
      // as if it were not there
    }
    return Optional.empty();
  }

  String path() {
    return path.toString();
  }

  byte[] token() {
    return token.clone();
  }

  /** Nobody else can open it from now on, if it was made here. */
  void hide() {
    if (!own) {
      return;
    }
    try {
      Files.deleteIfExists(path);
    } catch (IOException e) {
      // It is in the way of nobody.
    }
  }

  /** Its memory is free when all have closed it. */
  @Override
  public void close() {
    hide();
    try {
      file.close();
    } catch (IOException e) {
      // The system has closed it.
    }
  }

  /** For one thread to read and write by. An interrupt of the thread closes the file. */
  Window window() {
    return new Window(file);
  }

  /** Part of the file. */
  static final class Window {
    /** Fits the first cache with what is copied from or to. */
    private static final int BYTES = 1 << 17;

    private final FileChannel file;
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(BYTES).order(ByteOrder.nativeOrder());
    private final LongBuffer numbers = bytes.asLongBuffer();

    private Window(FileChannel file) {
      this.file = file;
    }

    void write(long at, long[] from, int start, int count) throws IOException {
      long position = at;
      for (int done = 0; done < count; ) {
        int more = Math.min(numbers.capacity(), count - done);
        numbers.clear().put(from, start + done, more);
        bytes.clear().limit(more * Long.BYTES);
        while (bytes.hasRemaining()) {
          position += file.write(bytes, position);
        }
        done += more;
      }
    }

    void read(long at, long[] to, int start, int count) throws IOException {
      long position = at;
      for (int done = 0; done < count; ) {
        int more = Math.min(numbers.capacity(), count - done);
        bytes.clear().limit(more * Long.BYTES);
        while (bytes.hasRemaining()) {
          int read = file.read(bytes, position);
          if (read < 0) {
            throw new IOException("the file in memory ends at byte %d".formatted(position));
          }
          position += read;
        }
        numbers.clear().get(to, start + done, more);
        done += more;
      }
    }
  }
}
