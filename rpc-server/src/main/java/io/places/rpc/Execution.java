package io.places.rpc;

import io.places.FailureText;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one call, and makes its reply of whatever comes of it. */
final class Execution<C extends RpcCall, P extends RpcReply> {
  private static final Logger LOG = LoggerFactory.getLogger(Execution.class);

  private final Server<C, ?, P> server;
  private final C call;
  private final CallContext context;
  private final boolean cast;

  Execution(Server<C, ?, P> server, C call, CallContext context, boolean cast) {
    this.server = server;
    this.call = call;
    this.context = context;
    this.cast = cast;
  }

  /** The reply; null for a cast, and if the server ends with this call, which tells the caller. */
  @Nullable P run() {
    if (context.hasDeadline() && context.nanosLeft() <= 0) {
      context.stop(Status.DEADLINE_EXCEEDED);
    }
    Status stopped = context.stopped();
    if (stopped != null) {
      Status notBegun = stopped == Status.UNKNOWN_OUTCOME ? Status.UNAVAILABLE : stopped;
      return failed(RpcFailure.of(notBegun, context + " was over before it began"));
    }
    List<Interceptor> interceptors = server.interceptors();
    try {
      return interceptors.isEmpty() ? runCode() : intercepted(interceptors);
    } catch (Throwable e) {
      return failureOf(e);
    }
  }

  private @Nullable P runCode() throws Throwable {
    P reply = context.run(() -> server.code().run(call));
    if (reply == null && !cast) {
      throw new IllegalStateException("'%s' is a cast, but was called".formatted(call.method()));
    }
    return reply;
  }

  private @Nullable P intercepted(List<Interceptor> interceptors) throws Throwable {
    var watched =
        Intercepted.begin(
            interceptors,
            new InterceptedCall(
                InterceptedCall.Side.SERVER,
                server.name(),
                call.method(),
                cast,
                context.metadata()));
    P reply;
    try {
      reply = runCode();
    } catch (Throwable e) {
      reply = failureOf(e);
    }
    watched.ended(exception(reply));
    return reply;
  }

  private Optional<RpcException> exception(@Nullable P reply) {
    return switch (reply) {
      case RpcReply.Failed failed -> Optional.of(failed.failure().exception());
      case RpcReply.Declared declared -> Optional.of(declared.error().exception());
      case null, default -> Optional.empty();
    };
  }

  /** What is thrown is the user's, and may fail itself when it is asked or printed. */
  private @Nullable P failureOf(Throwable thrown) {
    try {
      return failure(thrown);
    } catch (Throwable e) {
      return failed(
          RpcFailure.of(
              Status.INTERNAL,
              "%s failed: %s, of which nothing can be told because of %s"
                  .formatted(context, thrown.getClass().getName(), e.getClass().getName())));
    }
  }

  private @Nullable P failure(Throwable thrown) {
    if (thrown instanceof Error error && !Faults.isSurvived(error)) {
      server.endWith(error);
      return null;
    }
    if (cast) {
      LOG.warn("{}, a cast, failed; nobody is told", context, thrown);
    }
    if (thrown instanceof RpcErrorException declared && call.declares(declared.error())) {
      Optional<P> reply = server.protocol().declared().apply(declared.error());
      if (reply.isPresent()) {
        return reply.get();
      }
    }
    return failed(describe(thrown));
  }

  private RpcFailure describe(Throwable thrown) {
    Status stopped = context.stopped();
    if (stopped == null && server.isKilled()) {
      stopped = Status.UNKNOWN_OUTCOME;
    }
    if (thrown instanceof RpcException own && !own.isReceived()) {
      return RpcFailure.of(own.status(), FailureText.message(own));
    }
    if (stopped != null) {
      return RpcFailure.of(
          stopped,
          "%s was stopped: it failed: %s: %s"
              .formatted(context, thrown.getClass().getName(), FailureText.message(thrown)));
    }
    if (thrown instanceof RpcException nested
        && (nested.status() == Status.DEADLINE_EXCEEDED || nested.status() == Status.CANCELLED)
        && context.hasDeadline()
        && context.nanosLeft() <= 0) {
      return RpcFailure.of(Status.DEADLINE_EXCEEDED, FailureText.message(nested));
    }
    return RpcFailure.thrown(context.toString(), thrown);
  }

  private P failed(RpcFailure failure) {
    return server.protocol().failed().apply(failure);
  }
}
