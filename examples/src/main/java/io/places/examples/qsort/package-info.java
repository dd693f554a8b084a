/** Sorting the numbers of a file: {@code places qsort}. */
@NullMarked
package io.places.examples.qsort;

import org.jspecify.annotations.NullMarked;
