package io.places;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Consumer;

/** The lines of what another process writes, which may forget to end one. */
public final class Lines {
  /** Longer than what people read; so much is held of a line whose end does not come. */
  public static final int LONGEST = 32 << 10;

  private Lines() {}

  /**
   * Reads UTF-8 text to its end, and gives away each line as soon as it is there, without its end: "\n", "\r" or
   * "\r\n". A line of more than {@link #LONGEST} characters comes in pieces of so many, as several lines.
   *
   * @throws IOException if the stream cannot be read further; all lines before that were given away
   */
  public static void read(InputStream from, Consumer<? super String> to) throws IOException {
    Objects.requireNonNull(to, "to");
    var in = new InputStreamReader(Objects.requireNonNull(from, "from"), StandardCharsets.UTF_8);
    new Cutting(to).all(in);
  }

  private static final class Cutting {
    private final Consumer<? super String> to;
    private final StringBuilder line = new StringBuilder();
    private boolean afterReturn;
    private boolean afterPiece;

    Cutting(Consumer<? super String> to) {
      this.to = to;
    }

    void all(Reader in) throws IOException {
      char[] some = new char[8 << 10];
      for (int count = in.read(some); count >= 0; count = in.read(some)) {
        for (int i = 0; i < count; i++) {
          next(some[i]);
        }
      }
      if (!line.isEmpty()) {
        give();
      }
    }

    private void next(char c) {
      boolean ends = c == '\n' || c == '\r';
      if (ends) {
        boolean isSecondHalf = c == '\n' && afterReturn;
        if (!isSecondHalf && !afterPiece) {
          give();
        }
        afterPiece = false;
      } else {
        line.append(c);
        afterPiece = line.length() >= LONGEST && !Character.isHighSurrogate(c);
        if (afterPiece) {
          give();
        }
      }
      afterReturn = c == '\r';
    }

    private void give() {
      String whole = line.toString();
      line.setLength(0);
      to.accept(whole);
    }
  }
}
