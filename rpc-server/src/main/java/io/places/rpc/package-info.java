/**
 * RPC servers: a class with its state, its calls and its casts, declared once.
 *
 * <p>Start reading at {@link RpcServer}.
 */
@NullMarked
package io.places.rpc;

import org.jspecify.annotations.NullMarked;
