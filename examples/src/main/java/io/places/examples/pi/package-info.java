/** The number pi, by ranks that each sum a part. */
@NullMarked
package io.places.examples.pi;

import org.jspecify.annotations.NullMarked;
