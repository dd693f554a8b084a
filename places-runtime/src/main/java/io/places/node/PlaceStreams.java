package io.places.node;

import io.places.place.CurrentPlace;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Gives each place of a launched node its own {@code System.out} and {@code System.err}: what a thread
 * prints goes to the creator of the place in which it runs, and to the node's own streams if there is
 * none.
 */
final class PlaceStreams extends OutputStream {
  private final OutputStream own;
  private final Function<CurrentPlace, @Nullable OutputStream> stream;

  private PlaceStreams(OutputStream own, Function<CurrentPlace, @Nullable OutputStream> stream) {
    this.own = own;
    this.stream = stream;
  }

  /** Replaces the JVM's streams: only for a JVM that belongs to a node as a whole. */
  static void install() {
    System.setOut(printer(System.out, CurrentPlace::out));
    System.setErr(printer(System.err, CurrentPlace::err));
  }

  private static PrintStream printer(
      PrintStream own, Function<CurrentPlace, @Nullable OutputStream> stream) {
    return new PrintStream(new PlaceStreams(own, stream), true, StandardCharsets.UTF_8);
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
    OutputStream ofPlace = CurrentPlace.get().map(stream).orElse(null);
    return ofPlace == null ? own : ofPlace;
  }
}
