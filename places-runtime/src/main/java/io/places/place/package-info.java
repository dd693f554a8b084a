/**
 * Places: isolated tasks that share nothing and talk by channels. Write a {@link PlaceBody}, start it
 * at a {@link PlaceLocation}, talk to it and wait for it by its {@link Place}.
 *
 * <p>API, with {@link Spawn} for a place's options. {@link EntryPoint}, {@link ResolvedBody}, {@link
 * PlaceRun}, {@link PlaceHandle} and {@link CurrentPlace} serve {@code node}. Depends on {@code channel}
 * and {@code message}; knows no network.
 */
@NullMarked
package io.places.place;

import org.jspecify.annotations.NullMarked;
