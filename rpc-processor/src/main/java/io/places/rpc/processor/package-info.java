/**
 * The annotation processor of RPC servers: reads classes with {@code @RpcServer}, writes their clients,
 * dispatching bodies and .proto files.
 *
 * <p>Nothing here is for users to call. Start reading at {@link RpcProcessor}.
 */
@NullMarked
package io.places.rpc.processor;

import org.jspecify.annotations.NullMarked;
