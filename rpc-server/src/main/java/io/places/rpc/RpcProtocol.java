package io.places.rpc;

import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * What the runtime must know of the messages that the annotation processor writes for a server.
 *
 * @param server the name of the server, unless it is started under another
 * @param requests what clients send
 * @param replies what the server answers
 * @param request makes what is sent; without a call to cancel one
 * @param failed makes the reply to a call that failed
 * @param declared makes the reply of an error that a call declares; empty if none does
 * @param <C> the calls
 * @param <Q> the requests
 * @param <P> the replies
 */
public record RpcProtocol<C extends RpcCall, Q extends RpcRequest<C>, P extends RpcReply>(
    String server,
    Class<Q> requests,
    Class<P> replies,
    BiFunction<CallHeader, Optional<C>, Q> request,
    Function<RpcFailure, P> failed,
    Function<RpcError, Optional<P>> declared) {}
