/**
 * A server as a user writes it, and beside it, by hand, all that the annotation processor writes for it: the
 * shape of generated code.
 *
 * <p>{@link TupleServer} is the user's. Of the rest, {@link TupleServerClient} is what callers see; {@link
 * TupleServerPlace} starts the server; {@link TupleServerCall}, {@link TupleServerRequest} and {@link
 * TupleServerReply} are what travels.
 */
@NullMarked
package io.places.rpc.sample;

import org.jspecify.annotations.NullMarked;
