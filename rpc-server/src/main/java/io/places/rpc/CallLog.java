package io.places.rpc;

import io.places.Clock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An interceptor that logs the end of each call, as logger "io.places.rpc.calls" of SLF4J: at level debug if
 * it was answered, warn if it failed.
 */
public final class CallLog implements Interceptor {
  private static final Logger LOG = LoggerFactory.getLogger("io.places.rpc.calls");
  private static final double NANOS_IN_MILLI = 1e6;

  private final Clock clock = Clock.system();

  @Override
  public Ended before(InterceptedCall call) {
    long start = clock.nanoTime();
    return failure -> {
      double millis = (clock.nanoTime() - start) / NANOS_IN_MILLI;
      failure.ifPresentOrElse(
          e ->
              LOG.warn(
                  "{}: '{}' of server '{}' failed after {} ms: {}: {}",
                  call.side(),
                  call.method(),
                  call.server(),
                  "%.3f".formatted(millis),
                  e.status(),
                  e.getMessage()),
          () -> {
            if (LOG.isDebugEnabled()) {
              LOG.debug(
                  "{}: '{}' of server '{}' took {} ms",
                  call.side(),
                  call.method(),
                  call.server(),
                  "%.3f".formatted(millis));
            }
          });
    };
  }
}
