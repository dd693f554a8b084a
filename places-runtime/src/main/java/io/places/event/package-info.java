/**
 * Events after Concurrent ML: values that stand for something one can wait for, so that a program can
 * wait for whichever of several comes first.
 *
 * <p>{@link Event} is the API. {@link EventSource} and {@link Waiter} are for what has events to offer:
 * channels and places.
 */
@NullMarked
package io.places.event;

import org.jspecify.annotations.NullMarked;
