/** Tests of the NAS benchmarks. */
@NullMarked
package io.places.examples.nas;

import org.jspecify.annotations.NullMarked;
