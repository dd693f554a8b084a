/**
 * What every package of places shares: the errors, all children of {@link PlacesException}, and the
 * seams {@link Clock} and {@link Spawner} through which time and threads reach the runtime.
 *
 * <p>API. Depends on nothing else here. The newcomer's first stops are {@code node.Node}, {@code
 * place.PlaceBody} and {@code channel.PlaceChannel}.
 */
@NullMarked
package io.places;

import org.jspecify.annotations.NullMarked;
