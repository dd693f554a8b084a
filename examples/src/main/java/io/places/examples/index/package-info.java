/** Where which word is: an inverted index with positions, by secondary sort. Start reading at {@link InvertedIndex}. */
@NullMarked
package io.places.examples.index;

import org.jspecify.annotations.NullMarked;
