/** Problems that are solved by dividing them: the examples of nested data parallelism. */
@NullMarked
package io.places.examples.divide;

import org.jspecify.annotations.NullMarked;
