/** A token that goes round all ranks. */
@NullMarked
package io.places.examples.ring;

import org.jspecify.annotations.NullMarked;
