package io.places.mapreduce.text;

import io.places.mapreduce.OutputCommitter;
import io.places.mapreduce.OutputFormat;
import io.places.mapreduce.OutputPart;
import io.places.mapreduce.RecordWriter;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Objects;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/** What the formats share that write each part into a file of a new folder. */
abstract class FolderOutput<K, V> implements OutputFormat<K, V> {
  private static final String SUFFIX = "suffix";
  private static final String GZIP = ".gz";

  /** One system call for a few thousand lines. */
  private static final int BUFFER_BYTES = 64 << 10;

  private @Nullable Path folder;
  private String suffix = "";

  final void writeTo(Path newFolder) {
    if (!PathText.isDefault(newFolder)) {
      throw new IllegalArgumentException(
          "output goes to a folder of the default file system, where all workers write; %s is of another: copy the parts there when the job is done"
              .formatted(newFolder.toUri()));
    }
    folder = newFolder.toAbsolutePath().normalize();
  }

  final void pack() {
    suffix = GZIP;
  }

  @Override
  public Map<String, String> parameters() {
    return suffix.isEmpty()
        ? Map.of(FOLDER, folder().toString())
        : Map.of(FOLDER, folder().toString(), SUFFIX, suffix);
  }

  @Override
  public void configure(Map<String, String> parameters) {
    String path = parameters.get(FOLDER);
    if (path == null) {
      throw new IllegalArgumentException(
          getClass().getSimpleName() + " needs the parameter '" + FOLDER + "'");
    }
    folder = Path.of(path);
    suffix = parameters.getOrDefault(SUFFIX, "");
  }

  @Override
  public final OutputCommitter committer() {
    return new FolderCommitter(folder(), suffix);
  }

  /**
   * Makes a folder and a file in it. What the folder is in must exist: an attempt that outlives its
   * job must not bring back what was removed.
   */
  @Override
  public final RecordWriter<K, V> open(OutputPart part) throws IOException {
    Path attempt = OutputFolder.attempt(folder(), part);
    try {
      Files.createDirectory(attempt);
    } catch (NoSuchFileException e) {
      throw OutputFolder.notHere(folder(), e);
    }
    Path path = attempt.resolve(part.fileName() + suffix);
    OutputStream file =
        new PartStream(
            path,
            Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    OutputStream to = suffix.equals(GZIP) ? packed(file) : file;
    return writer(new BufferedOutputStream(to, BUFFER_BYTES));
  }

  /** Packs what is written to a file, and closes it if that cannot be begun. */
  static OutputStream packed(OutputStream file) throws IOException {
    try {
      return new GZIPOutputStream(file, BUFFER_BYTES); // which writes a header
    } catch (IOException | RuntimeException e) { // of a part: OutputException
      try (file) {
        throw e;
      }
    }
  }

  /** A writer to an open file, which it closes. */
  abstract RecordWriter<K, V> writer(OutputStream out);

  final Path folder() {
    return Objects.requireNonNull(
        folder,
        () -> "%s was made without a folder: use %1$s.to".formatted(getClass().getSimpleName()));
  }

  @Override
  public final String toString() {
    return getClass().getSimpleName() + "[" + folder + "]";
  }
}
