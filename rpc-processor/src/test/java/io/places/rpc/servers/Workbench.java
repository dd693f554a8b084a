package io.places.rpc.servers;

import io.places.node.Node;
import io.places.place.Place;
import io.places.rpc.CallContext;
import io.places.rpc.ClientOptions;
import io.places.rpc.Rpc;
import io.places.rpc.RpcError;
import io.places.rpc.RpcServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A server with calls that wait, fail, end it and leave traces. */
@RpcServer
class Workbench {
  record TooMuch(long asked, long left) implements RpcError {}

  private long count;
  private boolean interrupted;
  private Optional<Duration> timeLeft = Optional.empty();

  @Rpc String echo(String text) {
    return text;
  }

  @Rpc long add(long amount) {
    count += amount;
    return count;
  }

  @Rpc long count() {
    return count;
  }

  /** What time the last sleep had when it began. */
  @Rpc Optional<Duration> timeLeft() {
    return timeLeft;
  }

  @Rpc boolean wasInterrupted() {
    return interrupted;
  }

  @Rpc void sleep(Duration time) throws InterruptedException {
    timeLeft = CallContext.current().remaining();
    try {
      new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      interrupted = CallContext.current().isCancelled();
      throw e;
    }
  }

  /** Calls {@link #sleep} of another server on the same node. */
  @Rpc void sleepAt(String server, Duration time) {
    try (var other =
        WorkbenchClient.connect(
            Node.current(), ClientOptions.standard().named(server))) {
      other.sleep(time);
    }
  }

  @Rpc(errors = TooMuch.class)
  long take(long amount) {
    if (amount > count) {
      throw new TooMuch(amount, count).exception();
    }
    count -= amount;
    return count;
  }

  @Rpc void fail(String why) {
    throw new IllegalStateException(why);
  }

  @SuppressWarnings("DoNotCall") // it does end the place
  @Rpc void exit(int code) {
    Place.exit(code);
  }

  /** Says on disk that it has run: a line for each time. */
  @Rpc void append(String file, long number) {
    try {
      Files.write(
          Path.of(file),
          (number + "\n").getBytes(StandardCharsets.UTF_8),
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
