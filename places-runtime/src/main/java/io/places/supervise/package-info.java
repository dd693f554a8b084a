/**
 * Keeping places, nodes and programs alive: a {@link Supervisor} starts them anew when they end, as a
 * {@link Restart} says, and tells those who talk to them.
 *
 * <p>API. Start reading at {@link Supervisor}. Depends on {@code node} and what is below it; {@code
 * cluster} alone may depend on this package.
 */
@NullMarked
package io.places.supervise;

import org.jspecify.annotations.NullMarked;
