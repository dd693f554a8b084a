@NullMarked
package io.places.examples.kmeansmr;

import org.jspecify.annotations.NullMarked;
