package io.places.examples.kmeansmr;

/**
 * Points added up.
 *
 * @param points how many
 * @param squares of their distances to their centroid
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; arrays travel as they are
public record Sum(long points, double[] coordinates, double squares) {}
