package io.places.examples.heat;

/**
 * What a rank has of the plate in the end.
 *
 * @param rows how many rows of ranks there are
 * @param columns how many ranks are in a row
 * @param change the largest of any cell in the last step
 * @param plate all temperatures, row by row, at rank 0; else empty
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; arrays travel as they are
public record HeatResult(int rows, int columns, double change, double[] plate) {}
