package io.places.mapreduce.text;

import io.places.mapreduce.InputException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Finds the files behind the paths that a job was given.
 *
 * <p>A path is a file, a zip file (named so: .zip or .jar), or a folder, of which all files are
 * taken and all folders within, in whatever file system. Symbolic links are followed; one that leads back to a folder around
 * it is passed over, since what is behind it is taken anyway. So are pipes, sockets and devices
 * within a folder. Everything else that cannot be read is an error, found here and not in the midst
 * of the job.
 */
final class InputFiles {
  private final List<InputFile> found = new ArrayList<>();

  private InputFiles() {}

  /**
   * All files behind the paths, each path's sorted by name.
   *
   * @throws InputException if a path is missing, unreadable, damaged, or has no files
   */
  static List<InputFile> of(List<Path> paths) throws IOException {
    InputFiles files = new InputFiles();
    for (Path path : paths) {
      int before = files.found.size();
      files.add(path.toAbsolutePath().normalize());
      if (files.found.size() == before) {
        throw new InputException("nothing to read: %s has no files in it".formatted(path));
      }
    }
    return Collections.unmodifiableList(files.found);
  }

  private void add(Path path) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(path, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      throw new InputException("no such file or folder: " + path, e);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
    if (attributes.isDirectory()) {
      addFolder(path);
    } else if (attributes.isRegularFile()) {
      addFile(path, attributes.size());
    } else {
      throw new InputException(
          "neither a file nor a folder: " + path + "; copy its content into a file first");
    }
  }

  private void addFolder(Path folder) throws IOException {
    List<Path> files = new ArrayList<>();
    Files.walkFileTree(
        folder, EnumSet.of(FileVisitOption.FOLLOW_LINKS), Integer.MAX_VALUE, new Walk(files));
    Collections.sort(files);
    for (Path file : files) {
      addFile(file, Files.size(file));
    }
  }

  private void addFile(Path file, long size) throws IOException {
    if (!Files.isReadable(file)) {
      throw new InputException("not allowed to read " + file);
    }
    if (!survivesAsText(file)) {
      throw new InputException(
          "the name of the file %s cannot be written in this system's character set: rename it, or set LC_ALL to a UTF-8 locale"
              .formatted(file));
    }
    String name = file.getFileName().toString().toLowerCase(Locale.ROOT);
    if (name.endsWith(".zip") || name.endsWith(".jar")) {
      if (!PathText.isDefault(file)) {
        throw new InputException(
            "%s is a zip file in a file system other than the default one: unpack it, or copy it out"
                .formatted(file.toUri()));
      }
      addEntries(file);
    } else {
      found.add(new InputFile(file, "", size));
    }
  }

  /** Paths travel as text: a name that the system's character set cannot write would be another. */
  private static boolean survivesAsText(Path file) {
    try {
      return PathText.path(PathText.of(file)).equals(file);
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private void addEntries(Path file) {
    try (ZipFile zip = ZipPieces.open(file)) {
      String before = "";
      List<String> names = new ArrayList<>();
      for (ZipEntry entry : Collections.list(zip.entries())) {
        if (!entry.isDirectory()) {
          found.add(new InputFile(file, entry.getName(), entry.getSize()));
          names.add(entry.getName());
        }
      }
      Collections.sort(names);
      for (String name : names) {
        if (name.equals(before)) {
          throw new InputException(
              "zip file %s has two entries named %s, of which only one can be read: make it again without the other"
                  .formatted(file, name));
        }
        before = name;
      }
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  /** What a task fails with whose file was there when the job began. */
  static InputException vanished(String file, IOException e) {
    return new InputException(
        "the file %s has vanished since the job began, or is not there on this host: input must be reachable by the same path on all hosts"
            .formatted(file),
        e);
  }

  static InputException unreadable(Object path, IOException e) {
    return e instanceof AccessDeniedException
        ? new InputException("not allowed to read " + path, e)
        : new InputException("cannot read " + path + ": " + e, e);
  }

  private static final class Walk extends SimpleFileVisitor<Path> {
    private final List<Path> files;

    Walk(List<Path> files) {
      this.files = files;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
      if (OutputFolder.isTemporary(folder)) {
        throw new InputException(
            "%s is there: the folder it is in is the output of a job that did not end, or still runs; wait for its end, or run it again"
                .formatted(folder));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
      if (attributes.isRegularFile()) {
        files.add(file);
      } else if (attributes.isSymbolicLink()) {
        throw new InputException(
            "the symbolic link %s leads to nothing, or round to itself; remove it or name the files wanted"
                .formatted(file));
      }
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException e) {
      if (e instanceof FileSystemLoopException) {
        return FileVisitResult.CONTINUE;
      }
      throw unreadable(file, e);
    }
  }
}
