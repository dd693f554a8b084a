/**
 * Typed two-way channels between places, with credit, closing and time limits. Knows no network: the
 * ends whose peer lives on another node are made in {@code node} from the same parts.
 *
 * <p>{@link PlaceChannel} is the API. The other types serve the runtime's own packages: {@link
 * ChannelEnd} is what both kinds of end share, {@link Mailbox} holds what has arrived, {@link Credit}
 * what may still be sent.
 */
@NullMarked
package io.places.channel;

import org.jspecify.annotations.NullMarked;
