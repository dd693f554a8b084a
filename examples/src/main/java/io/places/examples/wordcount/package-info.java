/**
 * Counting words: the job's classes {@link WordMapper}, {@link SumCombiner} and {@link SumReducer},
 * the report {@link TopWords}, and {@link Reference}, a plain single-threaded program that must
 * give the same counts.
 */
@NullMarked
package io.places.examples.wordcount;

import org.jspecify.annotations.NullMarked;
