/** Calls beside those of others: {@code scripts/bench-rpc.sh}. */
@NullMarked
package io.places.rpc.bench;

import org.jspecify.annotations.NullMarked;
