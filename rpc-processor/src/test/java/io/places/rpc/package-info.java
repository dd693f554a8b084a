/** What several tests need. */
@NullMarked
package io.places.rpc;

import org.jspecify.annotations.NullMarked;
