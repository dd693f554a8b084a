package io.places.launch;

import io.places.Lines;
import io.places.Seconds;
import io.places.Spawner;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Carries what a child process writes to this JVM's streams, whole lines, each with the node's name in
 * front, or to a log of its own. Keeps the last lines, so that a launch that fails can put them into its
 * exception, and withholds those of the standard error until the node is ready.
 */
final class ProcessOutput {
  /** Enough for a stack trace with a cause. */
  private static final int KEPT_LINES = 60;

  private static final String ENDED = "its standard output ended";

  private final String prefix;
  private final @Nullable PrintStream log;
  private final AtomicInteger pumping = new AtomicInteger(2);
  private final CompletableFuture<Integer> port = new CompletableFuture<>();
  private final BlockingQueue<String> announcements = new LinkedBlockingQueue<>();
  private final ArrayDeque<String> lastErrors = new ArrayDeque<>();

  /** Until the node is ready: a JVM that cannot start says so on its standard output. */
  private final ArrayDeque<String> firstOutput = new ArrayDeque<>();

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

  /**
   * The next line that the process wrote for its launcher before its node listens, without what such
   * lines begin with.
   *
   * @throws IOException if its standard output has ended
   */
  String announcement(Duration limit) throws IOException, InterruptedException, TimeoutException {
    String line = announcements.poll(limit.toNanos(), TimeUnit.NANOSECONDS);
    if (line == null) {
      throw new TimeoutException("no answer within " + Seconds.of(limit));
    }
    if (line.isEmpty()) {
      announcements.add(line); // for whoever asks again
      throw new IOException(ENDED);
    }
    return line;
  }

  /** What a process that has failed wrote; waits for the streams' ends up to a limit. */
  String errors(Duration limit) {
    join(err, limit);
    List<String> lines;
    synchronized (firstOutput) {
      lines = new ArrayList<>(firstOutput);
    }
    synchronized (lastErrors) {
      lines.addAll(lastErrors);
    }
    return String.join("\n", lines);
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
          } else if (!port.isDone() && line.startsWith(NodeProcess.ANNOUNCES)) {
            announcements.add(line.substring(NodeProcess.ANNOUNCES.length()));
          } else {
            if (!port.isDone()) {
              synchronized (firstOutput) {
                keep(firstOutput, line);
              }
            }
            (log == null ? System.out : log).println(prefix + line);
          }
        });
    port.completeExceptionally(new IOException(ENDED));
    announcements.add("");
  }

  private void pumpErr(InputStream from) {
    pump(
        from,
        line -> {
          synchronized (lastErrors) {
            keep(lastErrors, line);
            if (port.isDone() && !port.isCompletedExceptionally()) {
              printError(line);
            }
          }
        });
  }

  private static void keep(ArrayDeque<String> lines, String line) {
    lines.add(line);
    if (lines.size() > KEPT_LINES) {
      lines.remove();
    }
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

  private void pump(InputStream from, Consumer<String> to) {
    try (from) {
      Lines.read(from, to);
    } catch (IOException e) {
      // The pipe broke because the process ended: everything that it wrote was read.
    }
    if (pumping.decrementAndGet() == 0 && log != null) {
      log.close();
    }
  }
}
