package io.places.ndp;

import io.places.launch.Hosts;
import io.places.launch.Launch;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.node.RemoteNode;
import io.places.place.Place;
import io.places.place.PlaceLocation;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * A group of workers: places on threads of this JVM, in processes of this machine, or on many machines. They can be
 * used by hand ({@link NdpNodes}), and they help to solve problems: {@link #solve} shares the parts of a problem
 * out to the threads of this JVM, and sends one to a worker when a worker is free, be it at once or later, and
 * the work outweighs the copying: by at least {@value #OUTWEIGHS} times, as {@link #explain} shows for each part.
 *
 * {@snippet :
 * try (NdpGroup group = NdpGroup.processes(3, "com.example")) {
 *   long[] sorted = group.solve(numbers, QuickSort.class);
 * }
 * }
 *
 * <p>A part that waits for its own parts holds nobody. A worker that is lost loses nothing but what it was working
 * on: that part is solved again, elsewhere; without any worker left, here.
 *
 * <p>Safe for use by many threads; several problems can be solved at a time.
 */
public final class NdpGroup implements NdpNodes, AutoCloseable {
  /** How many times longer than its copying a part's work must be for it to go elsewhere. */
  public static final int OUTWEIGHS = 2;

  private static final String OWN_PACKAGE = NdpGroup.class.getPackageName();

  private final Node node;
  private final Pool pool;
  private final Kinds kinds = new Kinds();
  private final Rates rates;
  private final Decisions decisions = new Decisions();
  private final Members members;
  private final HeldNodes mine;
  private final Sharing sharing;
  private final List<RemoteNode> nodes;

  private NdpGroup(Node node, List<? extends PlaceLocation> locations, int ownThreads, int theirThreads) {
    this.node = node;
    this.pool = new Pool(ownThreads, node.surroundings().spawner());
    this.rates = new Rates(node.surroundings().clock());
    List<Member> all = new ArrayList<>();
    for (PlaceLocation location : locations) {
      all.add(start(all.size() + 1, location, theirThreads));
    }
    this.nodes =
        locations.stream().filter(RemoteNode.class::isInstance).map(RemoteNode.class::cast).toList();
    this.members = new Members(all);
    this.mine = new HeldNodes(members, kinds);
    this.sharing = new Sharing(pool, members, kinds, rates, decisions, node.surroundings());
    for (Member member : all) {
      node.surroundings()
          .spawner()
          .virtual(
              "ndp-from-" + member.name(),
              () -> {
                member.client().read();
                members.lost(member);
              });
      node.surroundings().spawner().virtual("ndp-to-" + member.name(), () -> sharing.share(member));
    }
  }

  private Member start(int number, PlaceLocation location, int threads) {
    String name =
        location instanceof RemoteNode remote ? remote.name() : "thread " + number + " of this process";
    Place<ToWorker, FromWorker> place = location.place(WorkerBody::body, threads);
    Member[] itself = new Member[1];
    WorkerClient client =
        new WorkerClient(place, message -> members().came(itself[0], message));
    itself[0] = new Member(number, name, client);
    return itself[0];
  }

  private Members members() {
    return members;
  }

  /**
   * Starts a group whose workers are places of this JVM, with a thread each.
   *
   * @param packages of the classes that they may run
   */
  public static NdpGroup threads(int workers, String... packages) {
    check(workers);
    Node node = Node.start(options(packages));
    return closingOnFailure(node, () -> new NdpGroup(node, Collections.nCopies(workers, node), 1, 1));
  }

  /**
   * Starts a group whose workers have JVMs of their own on this machine. The threads of all of them and of this JVM
   * are as many as there are cores, with one each at least.
   *
   * @param packages of the classes that they may run
   * @throws io.places.LaunchException if a worker does not come up; none is left running then
   */
  public static NdpGroup processes(int workers, String... packages) {
    check(workers);
    int each = Math.max(1, Runtime.getRuntime().availableProcessors() / (workers + 1));
    Node node = Node.start(options(packages));
    return closingOnFailure(
        node, () -> new NdpGroup(node, node.launch(workers, Launch.process()), each, each));
  }

  /**
   * Starts a group with a worker for each slot of some hosts, with a thread each. This JVM uses all of its cores.
   *
   * @param packages of the classes that they may run
   * @throws io.places.LaunchException if a worker does not come up; none is left running then
   */
  public static NdpGroup launch(Hosts hosts, String... packages) {
    Node node = Node.start(options(packages).hosts(hosts));
    int own = Runtime.getRuntime().availableProcessors();
    return closingOnFailure(node, () -> new NdpGroup(node, node.launch(hosts), own, 1));
  }

  private interface Starting {
    NdpGroup start();
  }

  private static NdpGroup closingOnFailure(Node node, Starting starting) {
    try {
      return starting.start();
    } catch (RuntimeException e) {
      node.close();
      throw e;
    }
  }

  private static void check(int workers) {
    if (workers < 0) {
      throw new IllegalArgumentException("a group has 0 or more workers, not " + workers);
    }
  }

  private static NodeOptions options(String... packages) {
    return NodeOptions.standard().allow(OWN_PACKAGE).allow(packages);
  }

  /** How many workers there are that are not lost. */
  public int size() {
    return members.living();
  }

  /** The nodes on which workers run that are not in this JVM. */
  public List<RemoteNode> nodes() {
    return nodes;
  }

  /**
   * Solves a problem, with the help of workers where that pays.
   *
   * @param by a class in one of the group's packages
   * @throws SubproblemFailedException if the class has thrown; its other parts are then cancelled
   * @throws io.places.PlaceInterruptedException if the thread is interrupted; all parts are then cancelled
   */
  public <P, R> R solve(P problem, Class<? extends DivideAndConquer<P, R>> by) {
    return sharing.solve(problem, Ndp.create(by));
  }

  /**
   * Sorts numbers, ascending, with the help of workers if that is expected to be quicker. A machine sorts about as fast
   * as it copies: so it seldom is, and the explanation says so.
   */
  public void sort(long[] array) {
    long[] sorted = sharing.sortElsewhere(array);
    if (sorted == null) {
      LongSort.sort(array, 0, array.length, Crew.of(pool));
    } else {
      System.arraycopy(sorted, 0, array, 0, array.length);
    }
  }

  /** Why parts went to workers or stayed. */
  public Explanation explain() {
    return decisions.explanation();
  }

  @Override
  public Optional<NdpNode> getNode() {
    return mine.getNode();
  }

  @Override
  public <A, R> void sendWork(NdpNode worker, Class<? extends NdpWork<A, R>> work, A argument) {
    mine.sendWork(worker, work, argument);
  }

  @Override
  public <R> R getResult(NdpNode worker, Class<R> type) {
    return mine.getResult(worker, type);
  }

  @Override
  public void returnNode(NdpNode worker) {
    mine.returnNode(worker);
  }

  /** Ends the workers. What is being solved fails. */
  @Override
  public void close() {
    sharing.close();
    pool.close();
    node.close();
  }
}
