package io.places.ndp;

import io.places.ChannelClosedException;
import io.places.LaunchException;
import io.places.NodeLostException;
import io.places.PlaceInterruptedException;
import io.places.launch.Hosts;
import io.places.launch.Launch;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.node.RemoteNode;
import io.places.place.Place;
import io.places.place.PlaceLocation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
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

  private static final String NO_ARRAY = "there is no array to sort";
  private static final String OWN_PACKAGE = NdpGroup.class.getPackageName();

  private final Node node;
  private final Pool pool;
  private final Kinds kinds = new Kinds();
  private final Rates rates;
  private final Decisions decisions = new Decisions();
  private final Members members;
  private final Packages packages;
  private final HeldNodes mine;
  private final Sharing sharing;
  private final List<RemoteNode> nodes;
  private final int ownThreads;
  private final int theirThreads;
  private final boolean onThisMachine;

  /**
   * @param threads of this JVM
   * @param ownThreads how many of them are at work, by rights, while all workers are
   * @param theirThreads of each worker
   * @param onThisMachine whether workers are other processes of it
   */
  NdpGroup(
      Node node,
      List<? extends PlaceLocation> locations,
      int threads,
      int ownThreads,
      int theirThreads,
      boolean onThisMachine) {
    this.node = node;
    this.onThisMachine = onThisMachine;
    this.ownThreads = ownThreads;
    this.theirThreads = theirThreads;
    this.rates = new Rates(node.surroundings().clock());
    List<Member> all = new ArrayList<>();
    for (PlaceLocation location : locations) {
      all.add(start(all.size() + 1, location, theirThreads));
    }
    this.pool = new Pool(threads, node.surroundings().spawner()); // not before all workers are up
    this.nodes =
        locations.stream().filter(RemoteNode.class::isInstance).map(RemoteNode.class::cast).toList();
    this.members = new Members(all);
    this.packages = new Packages(node.allowed());
    this.mine = new HeldNodes(members, kinds, packages);
    this.sharing = new Sharing(pool, members, kinds, rates, decisions, node.surroundings());
    for (Member member : all) {
      node.surroundings()
          .spawner()
          .virtual(
              "ndp-from-" + member.name(),
              () -> {
                member.client().read();
                members.lost(member);
                sharing.lost(member);
              });
      node.surroundings().spawner().virtual("ndp-to-" + member.name(), () -> sharing.share(member));
    }
  }

  private Member start(int number, PlaceLocation location, int threads) {
    String name =
        location instanceof RemoteNode remote ? remote.name() : "node-" + number;
    Place<ToWorker, FromWorker> place;
    try {
      place = location.place(WorkerBody::body, threads);
    } catch (NodeLostException e) {
      throw new LaunchException(
          "worker %d, %s, was lost while it was started: %s".formatted(number, name, e.getMessage()), e);
    }
    Member[] itself = new Member[1];
    WorkerClient client =
        new WorkerClient(name, place, message -> members().came(itself[0], message));
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
    return closingOnFailure(node, () -> new NdpGroup(node, Collections.nCopies(workers, node), 1, 1, 1, false));
  }

  /**
   * Starts a group whose workers have JVMs of their own on this machine, each with its share of the cores, and one at
   * least. This JVM has as many threads as there are cores: it shares them with the workers that have something to do,
   * and loses nothing by those that have not.
   *
   * @param packages of the classes that they may run
   * @throws io.places.LaunchException if a worker does not come up; none is left running then
   */
  public static NdpGroup processes(int workers, String... packages) {
    check(workers);
    int cores = Runtime.getRuntime().availableProcessors();
    int each = Math.max(1, cores / (workers + 1));
    Node node = Node.start(options(packages));
    return closingOnFailure(
        node, () -> new NdpGroup(node, node.launch(workers, Launch.process()), cores, each, each, true));
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
    return closingOnFailure(node, () -> new NdpGroup(node, node.launch(hosts), own, own, 1, false));
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
    for (String each : packages) {
      Objects.requireNonNull(each, "the name of a package is null");
    }
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
   * @throws IllegalArgumentException if it is in another
   * @throws IllegalStateException if the group is closed
   * @throws java.util.concurrent.CancellationException if the group is closed meanwhile; or, of a solve inside of
   *     another, if that has failed or was cancelled
   * @throws SubproblemFailedException if the class has thrown, or returned null; its other parts are then cancelled
   * @throws io.places.PlaceInterruptedException if the thread is interrupted; all parts are then cancelled
   */
  public <P, R> R solve(P problem, Class<? extends DivideAndConquer<P, R>> by) {
    Objects.requireNonNull(problem, "there is no problem to solve");
    Objects.requireNonNull(by, "there is no class to solve by");
    sharing.checkOpen();
    packages.check(by);
    return sharing.solve(problem, Ndp.create(by));
  }

  /**
   * Sorts numbers, ascending, as {@link Ndp#sort(long[])} does, with the help of workers if that is expected to be
   * quicker. A machine sorts about as fast as it copies: so it seldom is, and the explanation says so, if there are
   * 65,536 numbers or more.
   */
  public void sort(long[] array) {
    Objects.requireNonNull(array, NO_ARRAY);
    sharing.checkOpen();
    if (array.length < DistributedSort.LEAST) {
      Ndp.sort(array);
    } else if (LongSort.sortRuns(array)) { // first: what is sorted is so before anything could be weighed
      decisions.add(DistributedSort.FEW_RUNS);
    } else if (sortCosts().pays(array.length, decisions)) {
      sortTogether(array, Leaf.BITS, true);
    } else {
      Ndp.sort(array);
    }
  }

  /**
   * Sorts numbers, ascending, by quicksort: this process and each worker that is free take the numbers from one to
   * another, and sort them by comparisons. Runs, up or down, are merged here. A worker that is lost costs its share, which
   * is then sorted here. {@link #sort} is quicker by far: this is for comparison.
   */
  public void qsort(long[] array) {
    Objects.requireNonNull(array, NO_ARRAY);
    sortTogether(array, Leaf.COMPARISONS, true);
  }

  /** As {@link #qsort(long[])}, in the order of {@link java.util.Arrays#sort(double[])}: -0.0 before 0.0, NaN last. */
  public void qsort(double[] array) {
    Objects.requireNonNull(array, NO_ARRAY);
    sharing.checkOpen();
    Numbers.sort(
        array,
        (keys, size) -> {
          if (size == keys.length) {
            qsort(keys);
          } else {
            long[] numbers = Arrays.copyOf(keys, size);
            qsort(numbers);
            System.arraycopy(numbers, 0, keys, 0, size);
          }
        });
  }

  private SortCosts sortCosts() {
    return new SortCosts(members.all(), ownThreads, theirThreads, onThisMachine);
  }

  /** Sorts with each worker that is free, whether that is quicker or not. */
  void sortTogether(long[] array, Leaf leaf, boolean throughFile) {
    sharing.checkOpen();
    List<Member> helpers = members.takeAll();
    try {
      new DistributedSort(array, leaf, Ndp.crew(ownThreads), theirThreads, node.surroundings(), decisions)
          .sort(helpers, throughFile && !nodes.isEmpty());
    } finally {
      helpers.forEach(members::giveBack);
    }
  }

  /**
   * Waits until the ways to all workers are measured, which begins when the group does: until then no part goes. Who has
   * only one problem, and that a quick one, may want to wait.
   *
   * @return whether they are, within the limit; otherwise they will be later
   * @throws io.places.PlaceInterruptedException if the thread is interrupted
   */
  public boolean awaitMeasured(Duration limit) {
    Objects.requireNonNull(limit, "there is no limit; Duration.ZERO only asks");
    try {
      return sharing.awaitMeasured(limit);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException("interrupted while the ways to the workers were measured", e);
    }
  }

  /** Whether all that is to be known of the ways to the workers is known. */
  boolean isMeasured() {
    return members.all().stream().allMatch(member -> member.isMeasured() || member.isLost());
  }

  /** Why parts went to workers or stayed. */
  public Explanation explain() {
    return decisions.explanation();
  }

  @Override
  public Optional<NdpNode> getNode() {
    sharing.checkOpen();
    return mine.getNode();
  }

  @Override
  public <A, R> void sendWork(NdpNode worker, Class<? extends NdpWork<A, R>> work, A argument) {
    sharing.checkOpen();
    mine.sendWork(worker, work, argument);
  }

  @Override
  public <R> R getResult(NdpNode worker, Class<R> type) {
    try {
      return mine.getResult(worker, type);
    } catch (NodeLostException | ChannelClosedException e) {
      if (sharing.isClosed()) {
        throw new IllegalStateException("the group was closed while the result of %s was waited for".formatted(worker), e);
      }
      throw e;
    }
  }

  @Override
  public void returnNode(NdpNode worker) {
    mine.returnNode(worker);
  }

  /**
   * Ends the workers. What is being solved fails, and so does the wait for a result; a sort that is under way is finished here.
   * What is to be solved or sorted afterwards, or wants a node, is refused; what was decided can still be asked.
   */
  @Override
  public void close() {
    sharing.close();
    pool.close();
    node.close();
  }
}
