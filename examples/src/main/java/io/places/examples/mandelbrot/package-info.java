/** A picture of the Mandelbrot set: places share out its rows and write into shared memory. */
@NullMarked
package io.places.examples.mandelbrot;

import org.jspecify.annotations.NullMarked;
