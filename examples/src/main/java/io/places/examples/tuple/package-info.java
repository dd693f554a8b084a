/** The dissertation's tuple server, and its session between two nodes. */
@NullMarked
package io.places.examples.tuple;

import org.jspecify.annotations.NullMarked;
