/** The files that examples write. */
@NullMarked
package io.places.examples.file;

import org.jspecify.annotations.NullMarked;
