package io.places.rpc.sample;

import io.places.rpc.RpcError;

public record NoSuchTuple(String key, int others) implements RpcError {}
