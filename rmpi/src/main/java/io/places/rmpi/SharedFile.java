package io.places.rmpi;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/*
 * The file is deleted before anything is written to it, if the system has another way to open it: Linux has
 * /proc/PID/fd/N. Then nothing is left behind, however a process ends, but for the name of an empty file if it is
 * killed right there. Elsewhere it is deleted when it is closed, or its JVM ends in order.
 */
/** A file in memory, which other processes of the same user on the same host can map, too. */
final class SharedFile implements AutoCloseable {
  /** Random bytes at its beginning, by which the peer knows that it has the file that was meant. */
  static final int TOKEN = 16;

  private static final String ADVICE =
      "make it larger (mount -o remount,size=, docker run --shm-size=), or free some";

  private static final int CHUNK = 1 << 20;
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");
  private static final FileAttribute<?> MINE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
  private static final Path OPEN_FILES = Path.of("/proc/self/fd");

  private final MemorySegment memory;
  private final Frame.Memory name;
  private final FileChannel file;
  private final @Nullable Path left;

  private SharedFile(
      MemorySegment memory, Frame.Memory name, FileChannel file, @Nullable Path left) {
    this.memory = memory;
    this.name = name;
    this.file = file;
    this.left = left;
  }

  /** Filled with zeros behind the token. */
  static SharedFile create(RandomGenerator random, long size) throws IOException {
    return create(random, size, OPEN_FILES);
  }

  /**
   * @param openFiles where the system has the open files of this process, if it is there
   */
  static SharedFile create(RandomGenerator random, long size, Path openFiles) throws IOException {
    Path folder =
        Files.isWritable(SHARED_MEMORY)
            ? SHARED_MEMORY
            : Path.of(System.getProperty("java.io.tmpdir"));
    requireRoom(folder, size);
    Path path = Files.createTempFile(folder, "places-rmpi-", ".memory", MINE);
    try {
      FileChannel file =
          FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        @Nullable String open = openFile(path, openFiles);
        if (open != null) {
          Files.delete(path); // before it is filled, which may take seconds
        } else {
          path.toFile().deleteOnExit();
        }
        byte[] token = new byte[TOKEN];
        random.nextBytes(token);
        fill(file, size, token, folder);
        MemorySegment memory = map(file, size);
        return open == null
            ? new SharedFile(memory, new Frame.Memory(path.toString(), token), file, path)
            : new SharedFile(memory, new Frame.Memory(open, token), file, null);
      } catch (IOException e) {
        file.close();
        throw e;
      }
    } catch (IOException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  /** Before anything is written: what is full is so for others, too. */
  private static void requireRoom(Path folder, long size) throws IOException {
    File there = folder.toFile();
    long free = there.getUsableSpace();
    if (there.getTotalSpace() > 0 && free < size) { // without a limit it has 0 in all
      throw new IOException(
          "%s has %d bytes free, and %d are needed; %s".formatted(folder, free, size, ADVICE));
    }
  }

  /**
   * With zeros: memory that the system promises, and then has not, ends the JVM when it is touched. There may be less than
   * there was, as others fill it, too.
   */
  static void fill(FileChannel file, long size, byte[] token, Path folder)
      throws IOException {
    ByteBuffer zeros = ByteBuffer.allocateDirect((int) Math.min(size, CHUNK));
    for (long at = 0; at < size; ) {
      try {
        at += file.write(zeros.clear().limit((int) Math.min(zeros.capacity(), size - at)), at);
      } catch (IOException e) {
        throw new IOException(
            "%s took %d of the %d bytes that are needed: %s; %s"
                .formatted(folder, at, size, e.getMessage(), ADVICE),
            e);
      }
    }
    file.write(ByteBuffer.wrap(token), 0);
  }

  private static MemorySegment map(FileChannel file, long size) throws IOException {
    return file.map(FileChannel.MapMode.READ_WRITE, 0, size, Arena.ofAuto());
  }

  /** The name of an open file of this process that other processes can open, wherever the system has one. */
  private static @Nullable String openFile(Path path, Path openFiles) throws IOException {
    if (!Files.isDirectory(openFiles)) {
      return null;
    }
    Path real = path.toRealPath();
    try (Stream<Path> open = Files.list(openFiles)) {
      return open.filter(each -> real.equals(target(each)))
          .findFirst()
          .map(
              each ->
                  "/proc/%d/fd/%s".formatted(ProcessHandle.current().pid(), each.getFileName()))
          .orElse(null);
    }
  }

  private static @Nullable Path target(Path link) {
    try {
      return Files.readSymbolicLink(link);
    } catch (IOException e) {
      return null; // closed meanwhile
    }
  }

  /**
   * Maps that of a peer.
   *
   * @throws IOException if the file is not there, or not the one that is meant: the peer is on another host
   */
  static MemorySegment open(Frame.Memory of) throws IOException {
    Set<OpenOption> options =
        of.path().startsWith("/proc/")
            ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE)
            : Set.of(
                StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    try (FileChannel file = FileChannel.open(Path.of(of.path()), options)) {
      byte[] token = new byte[TOKEN];
      if (file.read(ByteBuffer.wrap(token), 0) != TOKEN
          || MemorySegment.ofArray(token).mismatch(MemorySegment.ofArray(of.token())) >= 0) {
        throw new IOException(of.path() + " is not the file that is meant");
      }
      return map(file, file.size());
    }
  }

  MemorySegment memory() {
    return memory;
  }

  /** For those who are to open it. */
  Frame.Memory name() {
    return name;
  }

  /** Nobody else can open it any more; who has, keeps it. */
  @Override
  public void close() {
    try {
      file.close();
      if (left != null) {
        Files.deleteIfExists(left);
      }
    } catch (IOException e) {
      // It is mapped, and nothing depends on the file any more.
    }
  }
}
