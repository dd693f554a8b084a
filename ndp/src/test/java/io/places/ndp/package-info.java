/** Tests of nested data parallelism. */
@NullMarked
package io.places.ndp;

import org.jspecify.annotations.NullMarked;
