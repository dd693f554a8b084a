/** A buyer and a seller who talk on a channel that somebody else made for them. */
@NullMarked
package io.places.examples.trade;

import org.jspecify.annotations.NullMarked;
