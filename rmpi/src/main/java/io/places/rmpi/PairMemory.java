package io.places.rmpi;

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
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/*
 * Layout, in bytes. What one side writes often and the other reads has 128 bytes for itself, as processors
 * fetch lines of 64 bytes in pairs.
 *
 *        0  16 random bytes, by which the peer knows that it has the file that was meant
 *      128  whether side 0 sleeps; at 256 side 1
 *      384  how many cells side 0 has read; at 512 side 1
 *     4096  cells from side 0 to side 1; then those from side 1 to side 0
 *   266240  256 slots of 4 KiB, then 64 of 64 KiB
 *
 * The file is deleted before anybody is told of it, if the system has another way to open it: Linux has
 * /proc/PID/fd/N. Then nothing is left behind, however a process ends. Elsewhere its maker deletes it when the
 * peer has answered.
 */
/** The memory that two ranks on one host share. Lives as long as anybody refers to it. */
final class PairMemory {
  static final int CELL = 128;
  static final int CELLS = 1024;
  static final int SHORT_SLOT = 4 << 10;
  static final int SHORT_SLOTS = 256;
  static final int LONG_SLOT = 64 << 10;
  static final int LONG_SLOTS = 64;

  private static final int TOKEN = 16;
  private static final int LINE = 128;
  private static final int RINGS_AT = 4 << 10;
  private static final int RING = CELL * CELLS;
  private static final int SHORT_AT = RINGS_AT + 2 * RING;
  private static final int LONG_AT = SHORT_AT + SHORT_SLOT * SHORT_SLOTS;
  private static final int SIZE = LONG_AT + LONG_SLOT * LONG_SLOTS;
  private static final Path SHARED_MEMORY = Path.of("/dev/shm");
  private static final Path OPEN_FILES = Path.of("/proc/self/fd");

  private final MemorySegment memory;
  private final int side;

  private PairMemory(MemorySegment memory, int side) {
    this.memory = memory;
    this.side = side;
  }

  /** One that the peer can open; to be closed when it has. */
  static final class Offered implements AutoCloseable {
    private final PairMemory memory;
    private final String path;
    private final byte[] token;
    private final FileChannel file;
    private final @Nullable Path left;

    private Offered(
        PairMemory memory, String path, byte[] token, FileChannel file, @Nullable Path left) {
      this.memory = memory;
      this.path = path;
      this.token = token;
      this.file = file;
      this.left = left;
    }

    PairMemory memory() {
      return memory;
    }

    /** For the peer. */
    Frame.Memory frame() {
      return new Frame.Memory(path, token);
    }

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

  /** Makes one, as side 0. */
  static Offered create(RandomGenerator random) throws IOException {
    byte[] token = new byte[TOKEN];
    random.nextBytes(token);
    Path path = create(Files.isWritable(SHARED_MEMORY) ? SHARED_MEMORY : null);
    try {
      FileChannel file =
          FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
      try {
        fill(file, token);
        PairMemory memory = new PairMemory(map(file), 0);
        @Nullable String open = openFile(path);
        if (open != null) {
          Files.delete(path);
        }
        return new Offered(
            memory, open != null ? open : path.toString(), token, file, open != null ? null : path);
      } catch (IOException e) {
        file.close();
        throw e;
      }
    } catch (IOException e) {
      Files.deleteIfExists(path);
      throw e;
    }
  }

  private static Path create(@Nullable Path folder) throws IOException {
    var mine = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    return folder == null
        ? Files.createTempFile("places-rmpi-", ".memory", mine)
        : Files.createTempFile(folder, "places-rmpi-", ".memory", mine);
  }

  /** With zeros: memory that the system promises, and then has not, ends the JVM when it is touched. */
  private static void fill(FileChannel file, byte[] token) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(SIZE).put(0, token);
    while (all.hasRemaining()) {
      file.write(all);
    }
  }

  private static MemorySegment map(FileChannel file) throws IOException {
    return file.map(FileChannel.MapMode.READ_WRITE, 0, SIZE, Arena.ofAuto());
  }

  /** The name of an open file of this process that other processes can open, wherever the system has one. */
  private static @Nullable String openFile(Path path) throws IOException {
    if (!Files.isDirectory(OPEN_FILES)) {
      return null;
    }
    Path real = path.toRealPath();
    try (Stream<Path> open = Files.list(OPEN_FILES)) {
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
   * Opens that of a peer, as side 1.
   *
   * @throws IOException if the file is not there, or not the one that is meant: the peer is on another host
   */
  static PairMemory open(Frame.Memory of) throws IOException {
    Set<OpenOption> options =
        of.path().startsWith("/proc/")
            ? Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE)
            : Set.of(
                StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    try (FileChannel file = FileChannel.open(Path.of(of.path()), options)) {
      if (file.size() != SIZE) {
        throw new IOException(
            "%s has %d bytes, not %d".formatted(of.path(), file.size(), SIZE));
      }
      MemorySegment mapped = map(file);
      if (mapped.asSlice(0, TOKEN).mismatch(MemorySegment.ofArray(of.token())) >= 0) {
        throw new IOException(of.path() + " is not the file that is meant");
      }
      return new PairMemory(mapped, 1);
    }
  }

  MemorySegment memory() {
    return memory;
  }

  int side() {
    return side;
  }

  long sleepAt(int of) {
    return LINE * (1L + of);
  }

  long consumedAt(int of) {
    return LINE * (3L + of);
  }

  /** Where the cells begin that a side writes. */
  long cellsAt(int of) {
    return RINGS_AT + (long) of * RING;
  }

  /** Where a slot is: those of 4 KiB are the first numbers. */
  static long slotAt(int slot) {
    return slot < SHORT_SLOTS
        ? SHORT_AT + (long) slot * SHORT_SLOT
        : LONG_AT + (long) (slot - SHORT_SLOTS) * LONG_SLOT;
  }

  static boolean isShort(int slot) {
    return slot < SHORT_SLOTS;
  }

}
