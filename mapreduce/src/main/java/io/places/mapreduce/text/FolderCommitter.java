package io.places.mapreduce.text;

import io.places.mapreduce.OutputCommitter;
import io.places.mapreduce.OutputException;
import io.places.mapreduce.OutputPart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * Makes the output folder, moves the finished parts into it when the job is done, or removes
 * whatever the job has made.
 */
final class FolderCommitter implements OutputCommitter {
  private static final int MOST_TRIES = 10;

  /** Between tries: together a second, in which an attempt on another host ends, too. */
  private static final Duration PAUSE = Duration.ofMillis(100);

  private final Path folder;
  private final String suffix;

  /** The folders that {@link #begin} has made, the innermost first. */
  private final Deque<Path> made = new ArrayDeque<>();

  private final List<Path> committed = new ArrayList<>();

  /**
   * A committer of one job.
   *
   * @param suffix of the parts' names
   */
  FolderCommitter(Path folder, String suffix) {
    this.folder = folder;
    this.suffix = suffix;
  }

  @Override
  public void begin() throws IOException {
    refuseExisting();
    try {
      makeParents();
      Files.createDirectory(folder);
      made.push(folder);
      Files.createDirectory(OutputFolder.temporary(folder));
    } catch (FileAlreadyExistsException e) {
      abort();
      throw new OutputException("cannot make the output folder: " + e.getFile() + " exists", e);
    } catch (IOException e) {
      abort();
      throw new OutputException(
          "cannot make the output folder %s: %s; choose one in a folder that can be written"
              .formatted(folder, e),
          e);
    }
  }

  @Override
  public void commit(Collection<OutputPart> parts) throws IOException {
    for (OutputPart part : parts) {
      Path written = OutputFolder.attempt(folder, part).resolve(part.fileName() + suffix);
      Path target = folder.resolve(part.fileName() + suffix);
      Files.move(written, target, StandardCopyOption.ATOMIC_MOVE);
      committed.add(target);
    }
    deleteTree(OutputFolder.temporary(folder));
  }

  @Override
  public void abort() throws IOException {
    for (Path part : committed) {
      Files.deleteIfExists(part);
    }
    if (made.contains(folder)) {
      deleteTree(OutputFolder.temporary(folder));
    }
    while (!made.isEmpty()) {
      try {
        Files.deleteIfExists(made.pop());
      } catch (DirectoryNotEmptyException e) {
        return; // someone else has put something there
      }
    }
  }

  private void refuseExisting() {
    if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      throw new OutputException(
          Files.exists(OutputFolder.temporary(folder))
              ? "the output folder %s exists; it was left by a job that did not end, or is still running: remove it, or choose another"
                  .formatted(folder)
              : "the output folder %s exists: remove it, or choose another".formatted(folder));
    }
  }

  private void makeParents() throws IOException {
    Deque<Path> missing = new ArrayDeque<>();
    for (Path parent = folder.getParent();
        parent != null && !Files.exists(parent);
        parent = parent.getParent()) {
      missing.push(parent);
    }
    for (Path parent : missing) {
      Files.createDirectory(parent);
      made.push(parent);
    }
  }

  /** Again, if something was put there meanwhile: an attempt that nobody wants may still be at it. */
  private static void deleteTree(Path root) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        deleteOnce(root);
        return;
      } catch (DirectoryNotEmptyException e) {
        if (tries == MOST_TRIES) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE.toNanos()); // none if this thread is interrupted
      }
    }
  }

  private static void deleteOnce(Path root) throws IOException {
    List<Path> all;
    try (Stream<Path> tree = Files.walk(root)) {
      all = tree.sorted(Comparator.reverseOrder()).toList();
    } catch (NoSuchFileException e) {
      return;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (Path path : all) {
      Files.deleteIfExists(path);
    }
  }
}
