package io.places.rpc;

import java.util.Optional;

/**
 * Sees each call and cast of a client, or of a server, begin and end: to log, to count, to add what the
 * other side should know, to refuse. The same interface serves both sides: a client has those of its {@link
 * ClientOptions#interceptors}, a server those of {@link RpcServer#interceptors}.
 *
 * <p>Called by many threads at the same time, within the time of the call: so it should be quick. Those of
 * one side begin in their order and end in the reverse one.
 */
@FunctionalInterface
public interface Interceptor {

  /**
   * A call is about to be sent, or to be run.
   *
   * @return told once how the call ended
   * @throws RpcException to refuse the call: it is then neither sent nor run, and its caller gets the exception
   */
  Ended before(InterceptedCall call);

  /** What is done when a call has ended. */
  @FunctionalInterface
  interface Ended {
    /** Does nothing. */
    Ended NOTHING = failure -> {};

    /**
     * The call has ended; a client's cast when it was sent.
     *
     * @param failure empty if it was answered; at a server this is what is sent to the caller
     */
    void after(Optional<RpcException> failure);
  }
}
