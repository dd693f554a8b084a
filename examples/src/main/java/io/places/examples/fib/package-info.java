/** Two places that compute at the same time: the smallest program that uses two cores. */
@NullMarked
package io.places.examples.fib;

import org.jspecify.annotations.NullMarked;
