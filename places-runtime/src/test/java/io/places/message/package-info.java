/** Tests of what may travel and how it looks on the wire. */
@NullMarked
package io.places.message;

import org.jspecify.annotations.NullMarked;
