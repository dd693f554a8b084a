@NullMarked
package io.places.examples.pi;

import org.jspecify.annotations.NullMarked;
