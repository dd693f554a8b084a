@NullMarked
package io.places.examples.heat;

import org.jspecify.annotations.NullMarked;
