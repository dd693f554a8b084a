package io.places.examples.mandelbrot;

import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import io.places.examples.file.OutputFile;
import io.places.message.SharedBytes;
import io.places.node.Node;
import io.places.place.GroupMember;
import io.places.place.PlaceGroup;
import java.nio.file.Path;

/*
 * Rows near the middle of the picture cost a hundred times those at its edges, so equal blocks of rows
 * would leave most places idle. All rows lie in one closed channel instead, and who is free takes the
 * next. They are put before the first worker starts, in no more messages than a channel takes without
 * waiting.
 */
/**
 * Draws the Mandelbrot set with several places that write into one shared picture. After figure 3.4 of
 * the dissertation.
 */
public final class Mandelbrot {
  /** With more, the number of pixels would not fit an int. */
  public static final int MOST_SIZE = 32_768;

  private Mandelbrot() {}

  /**
   * Draws the set into a PNG file, replacing it if there is one.
   *
   * @param size pixels in a row, and rows
   * @throws PlacesException if the file cannot be written
   */
  public static void write(Path file, int size, int places) {
    try (OutputFile picture = OutputFile.open(file, "the picture")) {
      picture.write(Palette.image(size, pixels(size, places)));
    }
  }

  /** The picture, row by row; each pixel is what {@link Plane#stepsToLeave} says. */
  static byte[] pixels(int size, int places) {
    if (size < 1 || size > MOST_SIZE) {
      throw new IllegalArgumentException(
          "the size of a picture must be 1 to %d, not %d".formatted(MOST_SIZE, size));
    }
    try (Node node = Node.start()) {
      var work = PlaceChannel.pair(Share.Rows.class, Void.class);
      shareOut(size, work.first());
      var share = new Share(new Plane(size), SharedBytes.ofLength(size * size), work.second());
      PlaceGroup.forkJoin(node, places, Mandelbrot::draw, share);
      return share.pixels().toArray(); // what a member wrote before its result is seen after the join
    }
  }

  private static void shareOut(int size, PlaceChannel<Share.Rows, Void> work) {
    int rows = Math.ceilDiv(size, PlaceChannel.CREDIT_MESSAGES);
    for (int start = 0; start < size; start += rows) {
      work.put(new Share.Rows(start, Math.min(size, start + rows)));
    }
    work.close();
  }

  /** Runs in each worker's place: draws while there are rows left, and answers how many it drew. */
  static Integer draw(GroupMember self, Share share) {
    int done = 0;
    for (Share.Rows rows : share.work().messages()) {
      for (int row = rows.start(); row < rows.end(); row++) {
        drawRow(share, row);
        done++;
      }
    }
    return done;
  }

  private static void drawRow(Share share, int row) {
    int size = share.plane().size();
    for (int column = 0; column < size; column++) {
      share.pixels().set(row * size + column, share.plane().stepsToLeave(column, row));
    }
  }
}
