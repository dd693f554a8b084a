package io.places.examples.mandelbrot;

import io.places.channel.PlaceChannel;
import io.places.message.SharedBytes;

/**
 * What a worker is started with. The memory and the end of the channel travel by reference: all workers
 * write into the same picture, and each takes the next rows from the same channel.
 *
 * @param pixels row by row
 * @param work what is still to be done; workers compete for it
 */
record Share(Plane plane, SharedBytes pixels, PlaceChannel<Void, Share.Rows> work) {

  /**
   * Rows of the picture.
   *
   * @param end the first row after them
   */
  record Rows(int start, int end) {}
}
