/** Servers that the tests talk to. */
@NullMarked
package io.places.rpc.servers;

import org.jspecify.annotations.NullMarked;
