package io.places.rmpi;

import java.util.List;

/**
 * A thread that waits.
 *
 * @param requests for one of these
 * @param since by the world's clock
 */
record Blocked(Thread thread, List<? extends Request<?>> requests, long since) {}
