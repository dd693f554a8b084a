/** Tests of the processor: sources that are compiled, and what comes of it. */
@NullMarked
package io.places.rpc.processor;

import org.jspecify.annotations.NullMarked;
