/** Lines that match a pattern: a job without reducers. Start reading at {@link Grep}. */
@NullMarked
package io.places.examples.grep;

import org.jspecify.annotations.NullMarked;
