package io.places.rmpi;

import io.places.launch.Hosts;
import io.places.launch.Launch;
import io.places.launch.ProcessLauncher;
import io.places.message.MessageType;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.place.PlaceLocation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Starts jobs: a number of ranks that run one program.
 *
 * <pre>{@code
 * public final class Sum implements RmpiProgram {
 *   public static void main(String[] arguments) {
 *     Rmpi.launch(4, Sum.class);
 *   }
 *
 *   @Override
 *   public void run(Comm comm, String[] arguments) {
 *     int sum = comm.allreduce(comm.rank(), Integer::sum);
 *     if (comm.rank() == 0) {
 *       System.out.println(sum);
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>All forms return when all ranks have ended, and throw {@link JobFailedException} if one of them fails; the
 * others are then ended, too.
 */
public final class Rmpi {
  private Rmpi() {}

  /** Runs a program with its ranks as threads of this JVM. */
  public static void launch(
      int ranks, Class<? extends RmpiProgram> program, String... arguments) {
    try (Node node = Node.start(options(program))) {
      launch(Collections.nCopies(required(ranks), node), program, arguments);
    }
  }

  /** Runs a program with each rank in a JVM of its own, on this machine. */
  public static void launchProcesses(
      int ranks, Class<? extends RmpiProgram> program, String... arguments) {
    try (Node node = Node.start(options(program))) {
      launch(node.launch(required(ranks), process()), program, arguments);
    }
  }

  /** Runs a program with a rank for each slot of some hosts, each in a JVM of its own. */
  public static void launch(
      Hosts hosts, Class<? extends RmpiProgram> program, String... arguments) {
    try (Node node = Node.start(options(program).hosts(hosts))) {
      launch(node.launch(hosts), program, arguments);
    }
  }

  /**
   * Runs a program with its ranks on nodes that are there.
   *
   * @param locations one for each rank; a node that is named several times has several, which reach each other
   *     by its memory. All must allow this package and the program's
   */
  public static void launch(
      List<? extends PlaceLocation> locations,
      Class<? extends RmpiProgram> program,
      String... arguments) {
    launch(JobOptions.standard(), locations, program, arguments);
  }

  /** As {@link #launch(List, Class, String...)}, with options. */
  public static void launch(
      JobOptions options,
      List<? extends PlaceLocation> locations,
      Class<? extends RmpiProgram> program,
      String... arguments) {
    try (Job job = start(options, locations, program, arguments)) {
      job.await();
    }
  }

  /**
   * Runs a function, and gives the results of the ranks in their order.
   *
   * @param type the class of the results, a message type
   */
  public static <T> List<T> call(
      int ranks, Class<? extends RmpiFunction<T>> function, Class<T> type, String... arguments) {
    try (Node node = Node.start(options(function))) {
      return call(Collections.nCopies(required(ranks), node), function, type, arguments);
    }
  }

  /** As {@link #call(int, Class, Class, String...)}, with each rank in a JVM of its own on this machine. */
  public static <T> List<T> callProcesses(
      int ranks, Class<? extends RmpiFunction<T>> function, Class<T> type, String... arguments) {
    try (Node node = Node.start(options(function))) {
      return call(node.launch(required(ranks), process()), function, type, arguments);
    }
  }

  /** As {@link #call(int, Class, Class, String...)}, on nodes that are there. */
  public static <T> List<T> call(
      List<? extends PlaceLocation> locations,
      Class<? extends RmpiFunction<T>> function,
      Class<T> type,
      String... arguments) {
    return call(JobOptions.standard(), locations, function, type, arguments);
  }

  /** As {@link #call(List, Class, Class, String...)}, with options. */
  public static <T> List<T> call(
      JobOptions options,
      List<? extends PlaceLocation> locations,
      Class<? extends RmpiFunction<T>> function,
      Class<T> type,
      String... arguments) {
    MessageType<T> messages = MessageType.of(type);
    try (Job job = start(options, locations, function, arguments)) {
      List<T> results = new ArrayList<>();
      for (Optional<RankNews.Result> result : job.await()) {
        RankNews.Result given =
            result.orElseThrow(() -> new RmpiException("a rank has given no result"));
        if (!given.type().equals(messages.name())) {
          throw new RmpiException(
              "%s was expected of the ranks, one has given %s; a result's own class is to be named, not one above it"
                  .formatted(messages.name(), given.type()));
        }
        results.add(messages.decode(given.value(), 0, given.value().length));
      }
      return results;
    }
  }

  /** A launcher of JVMs for ranks on this machine, which may sleep on memory that they share. */
  public static ProcessLauncher process() {
    return Launch.process().jvmOption("--enable-native-access=ALL-UNNAMED");
  }

  private static Job start(
      JobOptions options,
      List<? extends PlaceLocation> locations, Class<?> program, String[] arguments) {
    if (locations.isEmpty()) {
      throw noRanks(0);
    }
    return new Job(options, locations, program.getName(), List.of(arguments));
  }

  private static int required(int ranks) {
    if (ranks < 1) {
      throw noRanks(ranks);
    }
    return ranks;
  }

  private static IllegalArgumentException noRanks(int ranks) {
    return new IllegalArgumentException("a job has 1 rank at least, not " + ranks);
  }

  private static NodeOptions options(Class<?> program) {
    return NodeOptions.standard()
        .allow(program.getPackageName(), Rmpi.class.getPackageName());
  }
}
