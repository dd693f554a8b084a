/** Heat that spreads over a plate, on a grid of ranks that exchange the borders of their parts. */
@NullMarked
package io.places.examples.heat;

import org.jspecify.annotations.NullMarked;
