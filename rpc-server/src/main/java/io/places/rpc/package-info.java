/**
 * RPC servers: a class with its state, its calls and its casts, declared once.
 *
 * <p>What a user writes is a class with {@link io.places.rpc.RpcServer}, whose methods have {@link
 * io.places.rpc.Rpc}, {@link io.places.rpc.Cast} and, if they only read, {@link io.places.rpc.Concurrent}.
 * What can go wrong with a call is a {@link io.places.rpc.Status}, thrown as {@link
 * io.places.rpc.RpcException}; an error that a call declares is an {@link io.places.rpc.RpcError}. A
 * client is made with {@link io.places.rpc.ClientOptions}; a method asks {@link
 * io.places.rpc.CallContext} about the call that it runs; an {@link io.places.rpc.Interceptor} sees the
 * calls of a client or of a server.
 *
 * <p>The annotation processor writes, for a class {@code TupleServer}, records for its calls ({@link
 * io.places.rpc.RpcCall}), requests ({@link io.places.rpc.RpcRequest}) and replies ({@link
 * io.places.rpc.RpcReply}), a {@code TupleServerPlace}, whose body calls {@link
 * io.places.rpc.RpcService}, and a {@code TupleServerClient}, which calls {@link
 * io.places.rpc.RpcClient}.
 *
 * <p>A call in five files: {@code RpcClient} sends it by the {@code Wire} that {@code Wiring} keeps to the
 * present life of the server; there a {@code Session} for each client takes it when it has its turn ({@code
 * Turns}), and an {@code Execution} makes a reply of whatever comes of it.
 */
@NullMarked
package io.places.rpc;

import org.jspecify.annotations.NullMarked;
