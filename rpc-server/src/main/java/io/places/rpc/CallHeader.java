package io.places.rpc;

import io.places.message.Field;
import java.util.List;
import java.util.Map;

/**
 * What travels with the arguments of a call.
 *
 * @param call its number, which no other call to the server has
 * @param timeoutMicros how long its caller waits, from when it was sent; 0 if nobody waits
 * @param chain the servers whose calls wait for this one, outermost first: each life of a server has a
 *     random number
 * @param metadata what interceptors have added
 */
public record CallHeader(
    @Field(1) long call,
    @Field(2) long timeoutMicros,
    @Field(3) List<Long> chain,
    @Field(4) Map<String, String> metadata) {}
