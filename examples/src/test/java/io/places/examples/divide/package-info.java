/** Tests of the examples of nested data parallelism. */
@NullMarked
package io.places.examples.divide;

import org.jspecify.annotations.NullMarked;
