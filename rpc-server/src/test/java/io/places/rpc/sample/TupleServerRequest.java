package io.places.rpc.sample;

import io.places.message.Field;
import io.places.rpc.CallHeader;
import io.places.rpc.RpcRequest;
import java.util.Optional;

/** What a client of {@link TupleServer} sends. */
public record TupleServerRequest(
    @Field(1) CallHeader header, @Field(2) Optional<TupleServerCall> call)
    implements RpcRequest<TupleServerCall> {}
