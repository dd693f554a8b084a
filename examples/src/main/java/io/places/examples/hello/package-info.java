/** The smallest distributed program: every node says hello. */
@NullMarked
package io.places.examples.hello;

import org.jspecify.annotations.NullMarked;
