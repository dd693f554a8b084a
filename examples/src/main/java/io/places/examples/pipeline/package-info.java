/** Rows of a matrix that run through places, one for each column. */
@NullMarked
package io.places.examples.pipeline;

import org.jspecify.annotations.NullMarked;
