/** Tests of the map-reduce engine. */
@NullMarked
package io.places.mapreduce;

import org.jspecify.annotations.NullMarked;
