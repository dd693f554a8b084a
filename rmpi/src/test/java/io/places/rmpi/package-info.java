/** Tests of the RMPI engine. */
@NullMarked
package io.places.rmpi;

import org.jspecify.annotations.NullMarked;
