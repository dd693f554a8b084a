/** Ranks beside OpenMPI's; start reading at {@code RmpiBenchmarks}. */
@NullMarked
package io.places.rmpi.bench;

import org.jspecify.annotations.NullMarked;
