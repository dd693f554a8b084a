package io.places.examples.file;

import io.places.PlacesException;
import java.awt.image.BufferedImage;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * A file that a program writes at its end, opened at its start: so one that cannot be written is known before
 * the work. What is in it stays until it is written; closed unwritten, a file that was not there before is gone
 * again.
 */
public final class OutputFile implements AutoCloseable {
  private final Path path;
  private final String what;
  private final boolean isNew;
  private final FileOutputStream stream;
  private boolean written;

  private OutputFile(Path path, String what, boolean isNew, FileOutputStream stream) {
    this.path = path;
    this.what = what;
    this.isNew = isNew;
    this.stream = stream;
  }

  /**
   * Opens a file for writing.
   *
   * @param what it holds, for messages: "the picture"
   * @throws PlacesException if it cannot be written
   */
  public static OutputFile open(Path path, String what) {
    boolean isNew = Files.notExists(path);
    try {
      return new OutputFile(path, what, isNew, new FileOutputStream(path.toFile(), true));
    } catch (IOException e) {
      throw cannotWrite(what, e);
    }
  }

  public Path path() {
    return path;
  }

  /** Makes the picture the content of the file, as PNG. */
  public void write(BufferedImage picture) {
    try {
      begin();
      try (var png = new MemoryCacheImageOutputStream(stream)) {
        if (!ImageIO.write(picture, "png", png)) {
          throw new PlacesException("this JDK cannot write PNG files");
        }
      }
    } catch (IOException e) {
      throw cannotWrite(what, e);
    }
  }

  /** Makes the text the content of the file. */
  public void write(String text) {
    try {
      begin();
      stream.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw cannotWrite(what, e);
    }
  }

  /** Writes the content of a file. */
  public interface Content {
    void write(OutputStream to) throws IOException;
  }

  /** Makes what is written the content of the file. */
  public void write(Content content) {
    try {
      begin();
      content.write(stream);
    } catch (IOException e) {
      throw cannotWrite(what, e);
    }
  }

  private void begin() throws IOException {
    written = true;
    if (Files.isRegularFile(path)) { // a device has nothing to cut
      stream.getChannel().truncate(0);
    }
  }

  private static PlacesException cannotWrite(String what, IOException e) {
    return new PlacesException("cannot write %s: %s".formatted(what, e.getMessage()), e);
  }

  @Override
  public void close() {
    try {
      stream.close();
      if (isNew && !written) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      throw cannotWrite(what, e);
    }
  }
}
