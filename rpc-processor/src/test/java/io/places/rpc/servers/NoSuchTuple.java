package io.places.rpc.servers;

import io.places.rpc.RpcError;

/** There is no such tuple, but so many others. */
public record NoSuchTuple(String key, int others) implements RpcError {}
