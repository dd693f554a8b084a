package io.places.launch;

import io.places.Spawner;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Carries what a child process writes to this JVM's streams, whole lines, each with the node's name in
 * front, or to a log of its own. Keeps the last lines of its standard error, and withholds them until the node is ready, so that
 * a launch that fails can put them into its exception.
 */
final class ProcessOutput {
  /** Enough for a stack trace with a cause. */
  private static final int KEPT_LINES = 60;

  private final String prefix;
  private final @Nullable PrintStream log;
  private final AtomicInteger pumping = new AtomicInteger(2);
  private final CompletableFuture<Integer> port = new CompletableFuture<>();
  private final ArrayDeque<String> lastErrors = new ArrayDeque<>();
  private final Thread out;
  private final Thread err;

  private ProcessOutput(
      String nodeName, Process process, Spawner spawner, @Nullable PrintStream log) {
    this.log = log;
    prefix = log == null ? nodeName + " | " : "";
    out = spawner.platform("places-out-" + nodeName, () -> pumpOut(process.getInputStream()));
    err = spawner.platform("places-err-" + nodeName, () -> pumpErr(process.getErrorStream()));
  }

  /** With a log, which is closed when the process has ended; without one, to this JVM's streams. */
  static ProcessOutput pump(
      String nodeName, Process process, Spawner spawner, @Nullable PrintStream log) {
    return new ProcessOutput(nodeName, process, spawner, log);
  }

  /** The port that the node said it listens on; fails if the process ends without a word. */
  CompletableFuture<Integer> port() {
    return port;
  }

  /** What the process last wrote to its standard error; waits for the stream's end up to a limit. */
  String errors(Duration limit) {
    join(err, limit);
    synchronized (lastErrors) {
      return String.join("\n", lastErrors);
    }
  }

  /** Waits until everything is written out. */
  void join(Duration limit) {
    join(out, limit);
    join(err, limit);
  }

  private static void join(Thread thread, Duration limit) {
    try {
      thread.join(limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void pumpOut(InputStream from) {
    pump(
        from,
        line -> {
          if (!port.isDone() && line.startsWith(NodeProcess.READY)) {
            ready(Integer.parseInt(line.substring(NodeProcess.READY.length())));
          } else {
            (log == null ? System.out : log).println(prefix + line);
          }
        });
    port.completeExceptionally(new IOException("its standard output ended"));
  }

  private void pumpErr(InputStream from) {
    pump(
        from,
        line -> {
          synchronized (lastErrors) {
            lastErrors.add(line);
            if (lastErrors.size() > KEPT_LINES) {
              lastErrors.remove();
            }
            if (port.isDone() && !port.isCompletedExceptionally()) {
              printError(line);
            }
          }
        });
  }

  private void ready(int listensOn) {
    synchronized (lastErrors) {
      lastErrors.forEach(this::printError);
      port.complete(listensOn);
    }
  }

  private void printError(String line) {
    (log == null ? System.err : log).println(prefix + line);
  }

  private interface LineSink {
    void line(String line);
  }

  private void pump(InputStream from, LineSink to) {
    try (var lines = new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        to.line(line);
      }
    } catch (IOException e) {
      // The pipe broke because the process ended: everything that it wrote was read.
    }
    if (pumping.decrementAndGet() == 0 && log != null) {
      log.close();
    }
  }
}
