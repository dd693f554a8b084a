package io.places.rmpi;

import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.node.RemoteNode;
import io.places.place.PlaceLocation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the ranks of a test are, and which links lie between them. */
enum Ranks {
  /** Threads on one node: by its memory. */
  ONE_NODE(LinkKind.AUTO),

  /** Threads of this JVM, each on a node of its own. */
  NODES_MEMORY(LinkKind.MEMORY),
  NODES_TCP(LinkKind.TCP),
  NODES_CHANNEL(LinkKind.CHANNEL),

  /** Threads, two on a node, as far as they go: by its memory, and by links between nodes. */
  PAIRS(LinkKind.AUTO),

  /** Each a JVM. */
  PROCESSES_MEMORY(LinkKind.MEMORY),
  PROCESSES_TCP(LinkKind.TCP),
  PROCESSES_CHANNEL(LinkKind.CHANNEL);

  private static final int MOST_PROCESSES = 9;

  /** Several JVMs would each optimise the same code for longer than they run; threads in this one do the same optimised. */
  static final String QUICK = "-XX:TieredStopAtLevel=1";

  /** For nine JVMs at once on two processors that other tests use, too. */
  private static final Duration START_LIMIT = Duration.ofMinutes(1);

  private static @Nullable Node owner; // guarded by the class, as is what follows
  private static final List<RemoteNode> PROCESSES = new ArrayList<>();

  private final LinkKind link;

  Ranks(LinkKind link) {
    this.link = link;
  }

  /** For jobs whose ranks are in these locations. */
  JobOptions options() {
    return JobOptions.standard().link(link);
  }

  /**
   * Where so many ranks go.
   *
   * @param node what is launched ends with it, except JVMs: starting those takes long, so all tests share them, and those
   *     for which five are too few are in {@link SizesTest}
   */
  List<PlaceLocation> locations(Node node, int ranks) {
    return switch (this) {
      case ONE_NODE -> Collections.nCopies(ranks, node);
      case NODES_MEMORY, NODES_TCP, NODES_CHANNEL ->
          new ArrayList<>(node.launch(ranks, Node.inThisJvm()));
      case PAIRS -> pairs(node, ranks);
      case PROCESSES_MEMORY, PROCESSES_TCP, PROCESSES_CHANNEL -> processes(ranks);
    };
  }

  private static List<PlaceLocation> pairs(Node node, int ranks) {
    List<PlaceLocation> locations = new ArrayList<>();
    for (PlaceLocation of : node.launch((ranks + 1) / 2, Node.inThisJvm())) {
      locations.add(of);
      if (locations.size() < ranks) {
        locations.add(of);
      }
    }
    return locations;
  }

  private static synchronized List<PlaceLocation> processes(int ranks) {
    if (owner == null) {
      owner = start();
    }
    int missing = Math.min(ranks, MOST_PROCESSES) - PROCESSES.size();
    if (missing > 0) {
      PROCESSES.addAll(owner.launch(missing, Rmpi.process().jvmOption(QUICK).limit(START_LIMIT)));
    }
    return new ArrayList<>(PROCESSES.subList(0, ranks));
  }

  /** Ends by force where a rank of a test is that is not on the test's own node. */
  static void kill(PlaceLocation location) {
    RemoteNode killed = (RemoteNode) location;
    synchronized (Ranks.class) {
      PROCESSES.remove(killed);
    }
    killed.kill();
  }

  /** A node from which the others are launched. */
  static Node start() {
    return Node.start(NodeOptions.standard().allow(Ranks.class.getPackageName()));
  }

  /** Runs a function on so many ranks. */
  <T> List<T> call(
      int ranks, Class<? extends RmpiFunction<T>> function, Class<T> type, String... arguments) {
    try (Node node = start()) {
      return Rmpi.call(options(), locations(node, ranks), function, type, arguments);
    }
  }
}
