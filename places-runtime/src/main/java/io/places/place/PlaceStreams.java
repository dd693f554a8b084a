package io.places.place;

import io.places.place.CurrentPlace.Streams;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Gives each place its own {@code System.in}, {@code System.out} and {@code System.err}: a thread uses
 * those of the place in which it runs, and the JVM's own if it runs in none. A place that was given no
 * input has an empty one; one that was given no output writes to the JVM's. What a place closes is
 * closed for that place alone.
 */
public final class PlaceStreams {
  private PlaceStreams() {}

  /** Replaces the JVM's streams by ones that find the place's, unless they are already. */
  public static void install() {
    if (!(System.in instanceof PlaceInput)
        || !(System.out instanceof Printer)
        || !(System.err instanceof Printer)) {
      installNow();
    }
  }

  /**
   * What the calling thread prints on, for others to print on in its stead: {@code System.out} itself is
   * for each of them another stream.
   */
  public static Streams outputs() {
    return new Streams(null, output(System.out), output(System.err));
  }

  private static OutputStream output(PrintStream stream) {
    return stream instanceof Printer printer ? printer.target.now() : stream;
  }

  private static synchronized void installNow() {
    if (!(System.in instanceof PlaceInput)) {
      System.setIn(new PlaceInput(System.in));
    }
    if (!(System.out instanceof Printer)) {
      System.setOut(
          new Printer(
              new PlaceOutput(System.out, Streams::out),
              System.out,
              streams -> new Streams(streams.in(), OutputStream.nullOutputStream(), streams.err())));
    }
    if (!(System.err instanceof Printer)) {
      System.setErr(
          new Printer(
              new PlaceOutput(System.err, Streams::err),
              System.err,
              streams -> new Streams(streams.in(), streams.out(), OutputStream.nullOutputStream())));
    }
  }

  private static final class Printer extends PrintStream {
    private final PlaceOutput target;
    private final PrintStream own;
    private final UnaryOperator<Streams> closing;

    Printer(PlaceOutput target, PrintStream own, UnaryOperator<Streams> closing) {
      super(target, true, charset(own));
      this.target = target;
      this.own = own;
      this.closing = closing;
    }

    private static Charset charset(PrintStream own) {
      return own.charset().newEncoder().canEncode('ä') ? own.charset() : StandardCharsets.UTF_8;
    }

    /** That of the stream on which the calling thread prints, if that knows: this one never fails. */
    @Override
    public boolean checkError() {
      flush();
      return target.now() instanceof PrintStream stream && stream.checkError();
    }

    /** Not this stream: others print on it. */
    @Override
    public void close() {
      flush();
      CurrentPlace.get().ifPresentOrElse(place -> place.replace(closing), own::close);
    }
  }

  private static final class PlaceOutput extends OutputStream {
    private final OutputStream own;
    private final Function<Streams, @Nullable OutputStream> stream;

    PlaceOutput(OutputStream own, Function<Streams, @Nullable OutputStream> stream) {
      this.own = own;
      this.stream = stream;
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      attempt(target -> target.write(bytes, offset, length));
    }

    @Override
    public void flush() {
      attempt(OutputStream::flush);
    }

    private interface Attempt {
      void on(OutputStream target) throws IOException;
    }

    /** Lets no failure of one place's stream into the printer that all share: it keeps what failed. */
    private void attempt(Attempt attempt) {
      try {
        attempt.on(now());
      } catch (InterruptedIOException e) {
        Thread.currentThread().interrupt();
      } catch (IOException e) {
        // Who prints is not told, as by any PrintStream.
      }
    }

    private OutputStream now() {
      OutputStream ofPlace =
          CurrentPlace.get().map(CurrentPlace::streams).map(stream).orElse(null);
      return ofPlace == null ? own : ofPlace;
    }
  }

  /** A place that was given no input has an empty one: it must not read its node's. */
  private static final class PlaceInput extends FilterInputStream {
    private static final InputStream EMPTY = InputStream.nullInputStream();

    PlaceInput(InputStream own) {
      super(own);
    }

    @Override
    public int read() throws IOException {
      return source().read();
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return source().read(bytes, offset, length);
    }

    @Override
    public long skip(long count) throws IOException {
      return source().skip(count);
    }

    @Override
    public int available() throws IOException {
      return source().available();
    }

    @Override
    public boolean markSupported() {
      return false;
    }

    @Override
    public void close() throws IOException {
      Optional<CurrentPlace> place = CurrentPlace.get();
      if (place.isPresent()) {
        place.get().replace(streams -> new Streams(closed(), streams.out(), streams.err()));
      } else {
        in.close();
      }
    }

    private static InputStream closed() {
      InputStream closed = InputStream.nullInputStream();
      try {
        closed.close();
      } catch (IOException e) {
        throw new AssertionError("an empty stream has nothing to fail at", e);
      }
      return closed;
    }

    private InputStream source() {
      Optional<CurrentPlace> place = CurrentPlace.get();
      if (place.isEmpty()) {
        return in;
      }
      InputStream ofPlace = place.get().streams().in();
      return ofPlace == null ? EMPTY : ofPlace;
    }
  }
}
