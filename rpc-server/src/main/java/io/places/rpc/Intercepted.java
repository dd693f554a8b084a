package io.places.rpc;

import io.places.FailureText;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The interceptors of one call that have seen it begin. */
final class Intercepted {
  private static final Logger LOG = LoggerFactory.getLogger(Intercepted.class);

  private final List<Interceptor.Ended> ends = new ArrayList<>();

  private Intercepted() {}

  /**
   * Begins a call.
   *
   * @throws RpcException if an interceptor refuses it; those before it have seen it end so
   */
  static Intercepted begin(List<Interceptor> interceptors, InterceptedCall call) {
    var begun = new Intercepted();
    for (Interceptor each : interceptors) {
      try {
        begun.ends.add(
            Objects.requireNonNull(each.before(call), "it answered null instead of Ended.NOTHING"));
      } catch (RpcException refused) {
        begun.ended(Optional.of(refused));
        throw refused;
      } catch (RuntimeException e) {
        var failure =
            new RpcException(
                Status.INTERNAL,
                false,
                "%s failed before '%s' of server '%s': %s"
                    .formatted(
                        each.getClass().getName(), call.method(), call.server(), FailureText.message(e)),
                e,
                null);
        begun.ended(Optional.of(failure));
        throw failure;
      }
    }
    return begun;
  }

  /** The call has ended. What an interceptor makes of that does not change it. */
  void ended(Optional<RpcException> failure) {
    for (Interceptor.Ended end : ends.reversed()) {
      try {
        end.after(failure);
      } catch (Throwable e) {
        if (!Faults.isSurvived(e)) {
          throw e;
        }
        LOG.warn("an interceptor failed at the end of a call", e);
      }
    }
  }
}
