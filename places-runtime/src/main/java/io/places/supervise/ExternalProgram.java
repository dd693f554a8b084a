package io.places.supervise;

import io.places.Clock;
import io.places.LaunchException;
import io.places.Lines;
import io.places.PlacesException;
import io.places.Spawner;
import io.places.channel.PlaceChannel;
import io.places.place.CurrentPlace;
import io.places.place.CurrentPlace.Streams;
import io.places.place.Place;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The body of a place that runs a program and lives as long as that: its output is the place's, its exit
 * code, too.
 */
final class ExternalProgram {
  /** For a program's own clean-up after SIGTERM. */
  private static final Duration END_LIMIT = Duration.ofSeconds(2);

  /** For output that a program has left in its pipe, or that its children go on writing. */
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(1);

  private ExternalProgram() {}

  /**
   * What is to be run.
   *
   * @param prefix before each line of output
   */
  record Run(Command command, String prefix) {}

  /** Puts the program's process id. */
  static void run(PlaceChannel<Long, Void> channel, Run run) throws IOException {
    String prefix = run.prefix();
    Process program = start(run.command());
    try {
      program.getOutputStream().close();
      channel.put(program.pid());
      Thread out = pump("out", program.getInputStream(), print(Streams::out, System.out), prefix);
      Thread err = pump("err", program.getErrorStream(), print(Streams::err, System.err), prefix);
      int code = program.waitFor();
      long start = Clock.system().nanoTime();
      out.join(DRAIN_LIMIT); // no longer: a child that it has left behind may hold the pipe open
      err.join(DRAIN_LIMIT.minusNanos(Clock.system().nanoTime() - start));
      Place.exit(code);
    } catch (InterruptedException e) {
      // The place is killed, or its creator is gone: the program goes with it.
    } finally {
      end(program);
    }
  }

  /**
   * Starts it.
   *
   * @throws LaunchException if the system does not
   */
  private static Process start(Command command) {
    try {
      var builder = new ProcessBuilder(command.line());
      builder.environment().putAll(command.environment());
      if (!command.folder().isEmpty()) {
        builder.directory(new File(command.folder()));
      }
      return builder.start();
    } catch (IOException | IllegalArgumentException e) { // the second of a variable that cannot be
      throw new LaunchException(
          "the program '%s' cannot be started: %s; it and its folder must be there, on the machine of the node"
              .formatted(command.line().getFirst(), String.valueOf(e.getMessage()).strip()),
          e);
    }
  }

  /** The place's stream, or the JVM's if it has none. */
  private static PrintStream print(
      Function<Streams, @Nullable OutputStream> ofPlace, PrintStream ofJvm) {
    OutputStream own =
        CurrentPlace.get().map(place -> ofPlace.apply(place.streams())).orElse(null);
    return own == null ? ofJvm : new PrintStream(own, true, StandardCharsets.UTF_8);
  }

  /** Nothing ends a read of a pipe that is held open elsewhere: the place's end does not wait for that. */
  private static Thread pump(String name, InputStream from, PrintStream to, String prefix) {
    return Spawner.system().platform("program-" + name, () -> copyLines(from, to, prefix));
  }

  private static void copyLines(InputStream from, PrintStream to, String prefix) {
    try (from) {
      Lines.read(from, line -> to.println(prefix + line));
    } catch (IOException | PlacesException e) {
      // The program has ended, or the place's creator has, who would have read this.
    }
  }

  /**
   * Ends it with all that it has started. Returns when they are gone, or after twice the limit; an
   * interrupt does not hurry it.
   */
  private static void end(Process program) {
    if (!program.isAlive()) {
      return; // whose its children were is not known any more
    }
    List<ProcessHandle> all = new ArrayList<>();
    all.add(program.toHandle());
    program.descendants().forEach(all::add); // now: they lose their parent with its end
    all.forEach(ProcessHandle::destroy);
    if (!awaitExit(all)) {
      all.forEach(ProcessHandle::destroyForcibly);
      awaitExit(all);
    }
  }

  /** Returns false if some are still there after the limit. */
  private static boolean awaitExit(List<ProcessHandle> all) {
    return CompletableFuture.allOf(
            all.stream().map(ProcessHandle::onExit).toArray(CompletableFuture<?>[]::new))
        .thenApply(gone -> true)
        .completeOnTimeout(false, END_LIMIT.toMillis(), TimeUnit.MILLISECONDS)
        .join();
  }
}
