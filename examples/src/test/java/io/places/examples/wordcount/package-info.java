/** Tests of the word count. */
@NullMarked
package io.places.examples.wordcount;

import org.jspecify.annotations.NullMarked;
