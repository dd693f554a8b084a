package io.places.place;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gives each place its own {@code System.in}, {@code System.out} and {@code System.err}: a thread uses
 * those of the place in which it runs, and the JVM's own if it runs in none or the place has none.
 */
public final class PlaceStreams {
  private static boolean installed; // guarded by the class

  private PlaceStreams() {}

  /** Replaces the JVM's streams by ones that find the place's; once. */
  public static synchronized void install() {
    if (installed) {
      return;
    }
    installed = true;
    System.setIn(new PlaceInput(System.in));
    System.setOut(printer(System.out, CurrentPlace.Streams::out));
    System.setErr(printer(System.err, CurrentPlace.Streams::err));
  }

  private static PrintStream printer(
      PrintStream own, Function<CurrentPlace.Streams, @Nullable OutputStream> stream) {
    Charset charset = own.charset().newEncoder().canEncode('ä') ? own.charset() : StandardCharsets.UTF_8;
    return new PrintStream(new PlaceOutput(own, stream), true, charset);
  }

  private static final class PlaceOutput extends OutputStream {
    private final OutputStream own;
    private final Function<CurrentPlace.Streams, @Nullable OutputStream> stream;

    PlaceOutput(
        OutputStream own, Function<CurrentPlace.Streams, @Nullable OutputStream> stream) {
      this.own = own;
      this.stream = stream;
    }

    @Override
    public void write(int b) throws IOException {
      target().write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      target().write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
      target().flush();
    }

    private OutputStream target() {
      OutputStream ofPlace =
          CurrentPlace.get().map(CurrentPlace::streams).map(stream).orElse(null);
      return ofPlace == null ? own : ofPlace;
    }
  }

  /** A place that was given no input has an empty one: it must not read its node's. */
  private static final class PlaceInput extends InputStream {
    private final InputStream own;

    PlaceInput(InputStream own) {
      this.own = own;
    }

    @Override
    public int read() throws IOException {
      InputStream source = source();
      return source == null ? -1 : source.read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      InputStream source = source();
      return source == null ? -1 : source.read(bytes, offset, length);
    }

    @Override
    public int available() throws IOException {
      InputStream source = source();
      return source == null ? 0 : source.available();
    }

    private @Nullable InputStream source() {
      CurrentPlace place = CurrentPlace.get().orElse(null);
      return place == null ? own : place.streams().in();
    }
  }
}
