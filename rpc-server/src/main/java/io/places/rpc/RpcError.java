package io.places.rpc;

/**
 * An error that a call declares in {@link Rpc#errors()} and that reaches the caller as it is: a record
 * whose components say what the caller needs to know.
 */
public interface RpcError {}
