/** Comparisons with the JDK and others. */
@NullMarked
package io.places.ndp.bench;

import org.jspecify.annotations.NullMarked;
