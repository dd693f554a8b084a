/** Sorting records of 100 bytes, with a generator and a validator. Start reading at {@link RecordSort}. */
@NullMarked
package io.places.examples.sort;

import org.jspecify.annotations.NullMarked;
