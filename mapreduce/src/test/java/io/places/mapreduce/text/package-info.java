/** Tests of text input and output. */
@NullMarked
package io.places.mapreduce.text;

import org.jspecify.annotations.NullMarked;
