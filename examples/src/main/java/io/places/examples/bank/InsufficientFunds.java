package io.places.examples.bank;

import io.places.rpc.RpcError;

/**
 * An account has not enough for a transfer.
 *
 * @param missing how many cents more it would need
 */
public record InsufficientFunds(String account, long missing) implements RpcError {}
