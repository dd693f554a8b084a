/** The command line {@code places}: one picocli command for each example program. */
@NullMarked
package io.places.examples.cli;

import org.jspecify.annotations.NullMarked;
