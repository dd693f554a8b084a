@NullMarked
package io.places.examples.ring;

import org.jspecify.annotations.NullMarked;
