@NullMarked
package io.places.examples.kmeans;

import org.jspecify.annotations.NullMarked;
