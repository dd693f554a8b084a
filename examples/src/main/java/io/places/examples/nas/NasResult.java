package io.places.examples.nas;

/**
 * What a benchmark has found.
 *
 * @param verified whether the answer is that of the specification
 * @param answer the answer, in words
 * @param seconds the time of the part that counts
 * @param megaOperations a second, as the benchmark counts its operations
 */
public record NasResult(boolean verified, String answer, double seconds, double megaOperations) {}
