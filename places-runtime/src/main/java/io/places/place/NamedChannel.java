package io.places.place;

import io.places.channel.PlaceChannel;

/**
 * A channel to a named place, and which life of the place it leads to.
 *
 * @param name the place's name
 * @param epoch differs for each place that has had the name; of a supervised place, 1 for its first life,
 *     one more for each further one. A client that finds another epoch than before knows that the place has
 *     lost what it knew
 * @param channel leads to this life only
 * @param <S> what the client sends
 * @param <R> what the client receives
 */
public record NamedChannel<S, R>(String name, long epoch, PlaceChannel<S, R> channel) {}
