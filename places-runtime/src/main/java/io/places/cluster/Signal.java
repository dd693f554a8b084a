package io.places.cluster;

import io.places.Clock;
import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.node.RemoteNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/** What can be done to a process from outside. */
enum Signal {
  STOP,
  CONT;

  /** A process stops when one of its threads has been scheduled: seldom at once, on a busy machine. */
  private static final Duration STOP_LIMIT = Duration.ofSeconds(5);

  private static final Duration LOOK_AGAIN = Duration.ofMillis(1);

  /** Java has no call for it, so it goes by the system's {@code kill}. */
  void send(RemoteNode to) {
    String[] command = {"kill", "-" + name(), Long.toString(to.processId())};
    try {
      Process kill = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(kill.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (kill.waitFor() != 0) {
        throw new PlacesException(
            "cannot send SIG%s to %s: %s".formatted(name(), to, said.strip()));
      }
    } catch (IOException e) {
      throw new UnsupportedOperationException(
          "processes can be paused and resumed only on systems with a 'kill' command: " + e.getMessage(),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException("interrupted while sending SIG" + name() + " to " + to, e);
    }
  }

  /** Waits until the process stands still. */
  static void awaitStopped(RemoteNode process, Clock clock) {
    long start = clock.nanoTime();
    while (!state(process).startsWith("T")) {
      if (clock.nanoTime() - start > STOP_LIMIT.toNanos()) {
        throw new PlacesException(
            "%s still runs %s after it was sent a SIGSTOP".formatted(process, STOP_LIMIT));
      }
      clock.park(process, LOOK_AGAIN.toNanos());
    }
  }

  /** As {@code ps} shows it: 'T' for stopped. */
  private static String state(RemoteNode process) {
    String id = Long.toString(process.processId());
    Path stat = Path.of("/proc", id, "stat");
    try {
      if (Files.exists(stat)) {
        String line = Files.readString(stat, StandardCharsets.ISO_8859_1);
        return line.substring(line.lastIndexOf(')') + 2); // the command before it may be anything
      }
      Process ps = new ProcessBuilder("ps", "-o", "stat=", "-p", id).start();
      return new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new PlacesException("cannot see whether %s stands still: %s".formatted(process, e), e);
    }
  }
}
