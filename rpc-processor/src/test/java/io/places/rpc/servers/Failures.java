package io.places.rpc.servers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.rpc.RpcException;
import io.places.rpc.Status;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** What clients are told of calls that come to nothing. */
final class Failures {
  private Failures() {}

  static void assertFails(Status status, boolean mayHaveRun, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            RpcException.class,
            e -> {
              assertThat(e.status()).as(e.getMessage()).isEqualTo(status);
              assertThat(e.mayHaveRun()).isEqualTo(mayHaveRun);
            });
  }

  static RpcException failureOf(CompletableFuture<?> call) {
    assertThatThrownBy(() -> call.get(20, TimeUnit.SECONDS))
        .hasCauseInstanceOf(RpcException.class);
    return (RpcException) call.exceptionNow();
  }
}
