package io.places.examples.cli;

import io.places.LaunchException;
import io.places.PlacesException;
import io.places.launch.Hosts;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.node.RemoteNode;
import io.places.place.PlaceLocation;
import io.places.rmpi.JobFailedException;
import io.places.rmpi.JobOptions;
import io.places.rmpi.LinkKind;
import io.places.rmpi.Rmpi;
import io.places.rmpi.RmpiProgram;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;

/**
 * What {@code places rmpirun} is to run. Its main method runs it: in a JVM that has the user's classes. Its arguments
 * are the file of an {@link OrderlyEnd}, then the job.
 *
 * @param hosts null for this machine
 * @param startLimit null for that of each launcher, and of a job
 * @param allow packages beside the program's
 */
record RmpirunJob(
    int ranks,
    boolean processes,
    @Nullable Path hosts,
    @Nullable Duration startLimit,
    Duration timeout,
    Duration deadlockTimeout,
    boolean tagged,
    LinkKind link,
    boolean stats,
    List<String> allow,
    String program,
    List<String> arguments) {
  private static final int OPTIONS = 10;

  List<String> toArguments() {
    List<String> all = new ArrayList<>();
    all.add(Integer.toString(ranks));
    all.add(Boolean.toString(processes));
    all.add(hosts == null ? "" : hosts.toString());
    all.add(startLimit == null ? "" : startLimit.toString());
    all.add(timeout.toString());
    all.add(deadlockTimeout.toString());
    all.add(Boolean.toString(tagged));
    all.add(link.name());
    all.add(Boolean.toString(stats));
    all.add(String.join(",", allow));
    all.add(program);
    all.addAll(arguments);
    return all;
  }

  static RmpirunJob of(List<String> arguments) {
    String hosts = arguments.get(2);
    String startLimit = arguments.get(3);
    String allow = arguments.get(OPTIONS - 1);
    return new RmpirunJob(
        Integer.parseInt(arguments.get(0)),
        Boolean.parseBoolean(arguments.get(1)),
        hosts.isEmpty() ? null : Path.of(hosts),
        startLimit.isEmpty() ? null : Duration.parse(startLimit),
        Duration.parse(arguments.get(4)),
        Duration.parse(arguments.get(5)),
        Boolean.parseBoolean(arguments.get(6)),
        LinkKind.valueOf(arguments.get(7)),
        Boolean.parseBoolean(arguments.get(8)),
        allow.isEmpty() ? List.of() : List.of(allow.split(",")),
        arguments.get(OPTIONS),
        arguments.subList(OPTIONS + 1, arguments.size()));
  }

  static void main(String[] arguments) {
    OrderlyEnd end = new OrderlyEnd(Path.of(arguments[0]));
    end.watch();
    int code = of(List.of(arguments).subList(1, arguments.length)).run();
    end.reached();
    System.exit(code);
  }

  private int run() {
    try {
      return run(programClass());
    } catch (PlacesException e) {
      return failed(e);
    } catch (IllegalArgumentException e) { // of NodeOptions, for what cannot be a package
      return failed(e);
    }
  }

  /** Without running any of its code: that is for the ranks. */
  private Class<? extends RmpiProgram> programClass() {
    Class<?> found;
    try {
      found = Class.forName(program, false, RmpirunJob.class.getClassLoader());
    } catch (ClassNotFoundException | LinkageError e) {
      String missing = ChildMain.missing();
      throw new PlacesException(
          "the class path%s has no class %s that can be loaded: %s"
              .formatted(missing.isEmpty() ? "" : missing + ",", program, e),
          e);
    }
    if (!RmpiProgram.class.isAssignableFrom(found)) {
      throw new PlacesException(
          "%s is not what ranks run: it must implement %s".formatted(program, RmpiProgram.class.getName()));
    }
    return found.asSubclass(RmpiProgram.class);
  }

  /*
   * The node is closed after success only. After a failure its end would be waited for, and ranks are to be
   * gone at once: those of other JVMs are ended by force, those of this one with it.
   */
  private int run(Class<? extends RmpiProgram> ranked) {
    Node node = Node.start(options(ranked));
    List<RemoteNode> launched = List.of();
    try {
      if (hosts != null) {
        launched = node.launch(StartLimit.of(startLimit, Hosts.read(hosts).deal(ranks)));
      } else if (processes) {
        launched = node.launch(ranks, StartLimit.of(startLimit, Rmpi.process()));
      }
      List<? extends PlaceLocation> locations =
          launched.isEmpty() ? Collections.nCopies(ranks, node) : launched;
      JobOptions limits =
          StartLimit.of(startLimit, JobOptions.standard())
              .timeLimit(timeout)
              .deadlockTimeout(deadlockTimeout)
              .tagged(tagged)
              .link(link)
              .stats(stats);
      Rmpi.launch(limits, locations, ranked, arguments.toArray(String[]::new));
    } catch (JobFailedException e) {
      int code = failed(e);
      launched.parallelStream().forEach(RmpirunJob::kill); // each is waited for
      return code;
    }
    node.close();
    return ExitCode.OK;
  }

  private NodeOptions options(Class<?> ranked) {
    NodeOptions options =
        NodeOptions.standard()
            .allow(ranked.getPackageName(), Rmpi.class.getPackageName())
            .allow(allow.toArray(String[]::new));
    return hosts == null ? options : options.hosts(Hosts.read(hosts));
  }

  private static void kill(RemoteNode node) {
    try {
      node.kill();
    } catch (PlacesException e) {
      // It is gone already.
    }
  }

  /** The stack of the rank that failed first is printed already. */
  private static int failed(RuntimeException e) {
    System.err.println("places rmpirun: " + e.getMessage());
    return switch (e) {
      case JobFailedException job -> job.exitCode();
      case LaunchException launch -> { // a rank's process that did no work has not done well
        int code = launch.exitCode().orElse(0);
        yield code == 0 ? ExitCode.SOFTWARE : code;
      }
      default -> ExitCode.SOFTWARE;
    };
  }
}
