package io.places.examples.cli;

import io.places.PlaceFailedException;
import io.places.PlacesException;
import io.places.launch.Hosts;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.place.PlaceLocation;
import io.places.rmpi.JobFailedException;
import io.places.rmpi.JobOptions;
import io.places.rmpi.Rmpi;
import io.places.rmpi.RmpiFunction;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options of a command that runs ranks: how many, and whether in JVMs of their own. */
final class RanksOptions {
  /** The command that has these options; a placeholder until picocli puts it here. */
  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Option(
      names = {"-n", "--ranks"},
      paramLabel = "N",
      description = "How many ranks (default: one for each core).")
  private @Nullable Integer ranks;

  @Option(names = "--threads", description = "The ranks are threads of one JVM; the default.")
  private boolean threads;

  @Option(names = "--processes", description = "Each rank is a JVM of its own.")
  private boolean processes;

  @Option(
      names = "--hosts",
      paramLabel = "FILE",
      description =
          "Each rank is a JVM of its own on the hosts that this file lists (default for -n: all slots).")
  private @Nullable Path file;

  @Mixin private StartLimit start = new StartLimit();

  /** How many ranks, if that was said. */
  @Nullable Integer given() {
    if (threads && processes) {
      throw new ParameterException(
          spec.commandLine(), "--threads and --processes exclude each other");
    }
    if (ranks != null) {
      Bounds.check(spec, "-n", ranks, 1, processes ? Bounds.MOST_NODES : Bounds.MOST_PLACES);
    }
    return ranks;
  }

  /** The hosts, with a slot for each rank; null if all ranks are on this machine. */
  @Nullable Hosts hosts() {
    if (file == null) {
      return null;
    }
    Bounds.path(spec, "--hosts", file);
    if (threads) {
      throw new ParameterException(
          spec.commandLine(), "--threads and --hosts: on hosts each rank is a JVM of its own");
    }
    Hosts all = start.of(Hosts.read(file));
    Integer given = given();
    return given == null ? all : all.deal(given);
  }

  /** Of the hosts; null if there is none. */
  @Nullable Path file() {
    return file;
  }

  int count() {
    Hosts hosts = hosts();
    if (hosts != null) {
      return hosts.slots();
    }
    Integer given = given();
    return given != null ? given : Runtime.getRuntime().availableProcessors();
  }

  /** How long a node may take until it listens, and then each step of a rank's start; null if that was not said. */
  @Nullable Duration startLimit() {
    return start.given();
  }

  boolean areThreads() {
    return threads;
  }

  boolean areProcesses() {
    return processes;
  }

  /**
   * Runs a function on the ranks, and answers their results in order.
   *
   * @throws PlacesException if a rank has failed; what it has thrown for the user to read is what is thrown
   */
  <T> List<T> call(
      Class<? extends RmpiFunction<T>> function, Class<T> type, String... arguments) {
    Hosts hosts = hosts();
    int count = count();
    NodeOptions options =
        NodeOptions.standard().allow(function.getPackageName(), Rmpi.class.getPackageName());
    try (Node node = Node.start(hosts == null ? options : options.hosts(hosts))) {
      List<? extends PlaceLocation> locations =
          hosts != null
              ? node.launch(hosts)
              : processes
                  ? node.launch(count, StartLimit.of(startLimit(), Rmpi.process()))
                  : Collections.nCopies(count, node);
      JobOptions job = StartLimit.of(startLimit(), JobOptions.standard().quiet(true));
      return Rmpi.call(job, locations, function, type, arguments);
    } catch (JobFailedException e) {
      if (e.getCause() instanceof PlaceFailedException failure
          && failure.exceptionClass().equals(PlacesException.class.getName())) {
        throw new PlacesException(failure.exceptionMessage(), e);
      }
      throw e;
    }
  }
}
