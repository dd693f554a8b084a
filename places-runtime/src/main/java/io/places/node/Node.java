package io.places.node;

import io.places.InterruptKind;
import io.places.LaunchException;
import io.places.Name;
import io.places.NodeLostException;
import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.Surroundings;
import io.places.channel.Timeouts;
import io.places.launch.Hosts;
import io.places.launch.LaunchedProcess;
import io.places.launch.Launcher;
import io.places.launch.NodeProcess;
import io.places.message.MessageType;
import io.places.place.AllowList;
import io.places.place.CurrentPlace;
import io.places.place.EntryPoint;
import io.places.place.Isolation;
import io.places.place.NamedChannel;
import io.places.place.Place;
import io.places.place.PlaceHandle;
import io.places.place.PlaceLocation;
import io.places.place.ResolvedBody;
import io.places.place.Spawn;
import io.places.wire.ClusterKey;
import io.places.wire.Connection;
import io.places.wire.NodeIdentity;
import io.places.wire.Wire;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A node: this JVM as a member of a cluster. Places can be started in it; it starts further nodes,
 * connects to running ones, and is connected to.
 *
 * <pre>{@code
 * try (Node node = Node.start()) {
 *   RemoteNode worker = node.launch(Launch.process());
 *   Place<String, String> echo = worker.place(Echo::body);
 *   echo.put("hello");
 *   System.out.println(echo.get());
 * }
 * }</pre>
 *
 * <p>A node listens on the loopback interface, on a port that the system chooses, and talks only to
 * nodes that know its cluster's secret. It starts only bodies whose package is on its allow-list. The
 * nodes that it launches end when it is closed, or when its JVM ends, however that comes about.
 *
 * <p>Safe for use by many threads.
 */
public final class Node implements PlaceLocation, AutoCloseable {
  /** How long places have to end when this node is closed: its own, then those on other nodes. */
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  private final String name;
  private final AllowList allowed;
  private final int largestMessage;
  private final ClusterKey key;
  private final NodeIdentity identity;
  private final Surroundings surroundings;
  private final PlaceHost host;
  private final NodeLog log;
  private final MessageRouter router;
  private final Wire wire;
  private final InetSocketAddress address;
  private final List<RemoteNode> launched = new CopyOnWriteArrayList<>();
  private final AtomicInteger launches = new AtomicInteger();
  private final Set<NodeTimer> timers = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean closed = new AtomicBoolean();

  Node(NodeOptions options) {
    surroundings = options.surroundings();
    name = options.name();
    allowed = options.allowed();
    largestMessage = options.largestMessage();
    key =
        options.key() != null ? options.key() : ClusterKey.random(surroundings.random());
    identity =
        new NodeIdentity(
            new UUID(surroundings.random().nextLong(), surroundings.random().nextLong()),
            surroundings.clock().now().toEpochMilli());
    host = new PlaceHost(this, allowed, surroundings);
    log = new NodeLog(name, surroundings, this::owner);
    router =
        new MessageRouter(
            name, identity, largestMessage, host, log, surroundings, this::open);
    wire = new Wire(surroundings, options.transport().get(), key, name, identity, router);
    try {
      address = wire.listen(options.bind());
      router.listensAt(address);
    } catch (IOException e) {
      wire.close();
      throw new LaunchException("node %s: %s".formatted(name, e.getMessage()), e);
    } catch (RuntimeException e) {
      wire.close();
      throw e;
    }
  }

  /**
   * Starts a node in this JVM, which may start the bodies of the caller's package and those below it.
   */
  public static Node start() {
    Class<?> caller =
        StackWalker.getInstance(StackWalker.Option.RETAIN_CLASS_REFERENCE).getCallerClass();
    return start(NodeOptions.standard().allow(caller.getPackageName()));
  }

  /**
   * Starts a node in this JVM.
   *
   * @throws LaunchException if it cannot listen
   * @throws IllegalArgumentException if the address needs TLS
   */
  public static Node start(NodeOptions options) {
    return new Node(Objects.requireNonNull(options, "options"));
  }

  /**
   * A launcher that starts nodes in this JVM instead of processes: the same code, classes, wire and
   * limits, without the isolation. For trying a program out, and for tests.
   */
  public static Launcher inThisJvm() {
    return InJvmLauncher::launch;
  }

  /**
   * The node in whose place the calling thread runs.
   *
   * @throws IllegalStateException outside of places
   */
  public static Node current() {
    return CurrentPlace.get()
        .map(CurrentPlace::location)
        .filter(Node.class::isInstance)
        .map(Node.class::cast)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "thread '%s' runs in no place of a node"
                        .formatted(Thread.currentThread().getName())));
  }

  @Override
  public String name() {
    return name;
  }

  /** Where the node listens. */
  public InetSocketAddress address() {
    return address;
  }

  /** The packages whose classes may be named to this node. */
  @Override
  public AllowList allowed() {
    return allowed;
  }

  @Override
  @SuppressWarnings("unchecked") // the types are the body's: see PlaceLocation's typed forms
  public <S, R> Place<R, S> start(Spawn spawn, EntryPoint entry, Object... arguments) {
    requireOpen();
    Objects.requireNonNull(spawn, "spawn");
    if (spawn.isolation() != Isolation.PROCESS) {
      spawn.requireNoMemoryBound();
    }
    PlaceHandle<?, ?> place =
        spawn.isolation() == Isolation.PROCESS
            ? OwnProcess.start(this, spawn, entry, arguments)
            : host.start(spawn, entry, arguments);
    CurrentPlace.adopt(place);
    return (Place<R, S>) place;
  }

  @Override
  public <S, R> NamedChannel<S, R> find(
      String place, Class<S> sends, Class<R> receives, Duration waiting) {
    Name.require("a place's", Objects.requireNonNull(place, "place"));
    Objects.requireNonNull(sends, "sends");
    Objects.requireNonNull(receives, "receives");
    requireOpen();
    try {
      return host.open(
          place, MessageType.of(sends), MessageType.of(receives), Timeouts.nanos(waiting));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException(
          "interrupted while waiting for place '%s' on node %s".formatted(place, name), e);
    }
  }

  @Override
  public List<String> names() {
    return host.names().list("", Integer.MAX_VALUE);
  }

  /** What this node does now, completely. */
  public NodeStatus status() {
    requireOpen();
    return router.status();
  }

  /**
   * Runs an action once, after a wait, in a thread of its own. An exception that it throws is logged.
   *
   * <p>Asked for by a place, it ends with the place; at the latest it ends with the node.
   *
   * @return closing it cancels the run
   */
  public NodeTimer after(Duration wait, Runnable action) {
    requireOpen();
    Objects.requireNonNull(action, "action");
    if (Objects.requireNonNull(wait, "wait").isNegative()) {
      throw new IllegalArgumentException("the wait must not be negative, but is " + wait);
    }
    NodeTimer timer = newTimer();
    timer.after(wait, action);
    return timer;
  }

  /**
   * Runs an action again and again, the first time after one period, in a thread of its own. Runs never
   * overlap: what falls into a run that takes longer than the period is left out. An exception that one run
   * throws is logged, and the next runs come as if nothing had happened.
   *
   * <p>Asked for by a place, it ends with the place; at the latest it ends with the node.
   *
   * @return closing it ends the runs
   */
  public NodeTimer every(Duration period, Runnable action) {
    requireOpen();
    Objects.requireNonNull(action, "action");
    if (Objects.requireNonNull(period, "period").isNegative() || period.isZero()) {
      throw new IllegalArgumentException("the period must be positive, but is " + period);
    }
    NodeTimer timer = newTimer();
    timer.every(period, action);
    return timer;
  }

  private NodeTimer newTimer() {
    var timer = new NodeTimer(name, surroundings, timers::remove);
    timers.add(timer);
    if (closed.get()) {
      timer.close();
    }
    return timer;
  }

  /**
   * Says something to whoever watches over the program: it goes to the root of the cluster, the node that
   * has no owner, and into its log, as logger "io.places.node.log" of SLF4J, or to what {@link #onLog} has set.
   *
   * <p>Never waits, and never delays messages: what is more than 500 entries a second is dropped, and the
   * next entry says how many were. Entries are cut at 4,000 characters. Those of one node arrive in order.
   */
  public void log(System.Logger.Level level, String text) {
    Objects.requireNonNull(level, "level");
    Objects.requireNonNull(text, "text");
    log.say(name, CurrentPlace.get().map(CurrentPlace::place).orElse(""), level, text);
  }

  /** Has the entries that end at this node given to a receiver, one after another, instead of the log. */
  public void onLog(Consumer<? super LogEntry> receiver) {
    log.sink(Objects.requireNonNull(receiver, "receiver"));
  }

  /**
   * Starts a further node, named "node-1", "node-2" and so on, and connects to it.
   *
   * @throws LaunchException if it does not come up, with what it wrote to its standard error
   * @throws IllegalStateException if this node is closed, or its memory is bounded by {@code Spawn.memory}
   */
  public RemoteNode launch(Launcher launcher) {
    return launch(nextName(), Objects.requireNonNull(launcher, "launcher"));
  }

  /**
   * Starts a further node and connects to it. A node that has ended leaves its name to its successor.
   *
   * @param child its name; none that a living node launched here has
   * @throws LaunchException if it does not come up, with what it wrote to its standard error
   */
  public RemoteNode launch(String child, Launcher launcher) {
    requireMayLaunch();
    Objects.requireNonNull(launcher, "launcher");
    Name.require("a node's", Objects.requireNonNull(child, "child"));
    for (RemoteNode other : launched) {
      if (other.name().equals(child) && other.isAlive()) {
        throw new IllegalArgumentException(
            "node %s has launched %s already, which is alive".formatted(name, other));
      }
    }
    LaunchedProcess process = launcher.launch(process(child));
    try {
      Peer peer =
          process.isAttached()
              ? router.peers().connect(process.address())
              : router.peers().connectLaunched(process.address(), process.answerLimit());
      RemoteNode node = new RemoteNode(this, peer, process);
      launched.add(node);
      if (closed.get()) {
        process.kill(); // closed while launching
        throw closedException();
      }
      return node;
    } catch (PlacesException e) {
      if (process.isAttached()) {
        throw new LaunchException(
            "cannot attach to the node at %s: %s".formatted(process.host(), e.getMessage()), e);
      }
      String fate = process.fate(); // before it is ended by us
      OptionalInt exitCode = process.exitCodeNow(); // which has waited for one that is just ending
      process.kill();
      throw new LaunchException(
          "node %s was launched, but %s: %s".formatted(child, fate, e.getMessage()), e, exitCode);
    }
  }

  /**
   * Starts several nodes at once.
   *
   * @throws LaunchException if one of them does not come up, with which; none is left running then
   * @throws IllegalStateException if this node is closed, or its memory is bounded by {@code Spawn.memory}
   */
  public List<RemoteNode> launch(int count, Launcher launcher) {
    requireMayLaunch();
    if (count < 0) {
      throw new IllegalArgumentException("cannot launch " + count + " nodes");
    }
    return Launches.together(
        this, Collections.nCopies(count, Objects.requireNonNull(launcher, "launcher")), surroundings);
  }

  /**
   * Starts a node for each slot of the hosts, all at once; they are answered in the order in which slots
   * are dealt.
   *
   * @throws LaunchException if one of them does not come up, with which; none is left running then
   * @throws IllegalStateException if this node is closed, or its memory is bounded by {@code Spawn.memory}
   */
  public List<RemoteNode> launch(Hosts hosts) {
    requireMayLaunch();
    Objects.requireNonNull(hosts, "hosts");
    try {
      return Launches.together(this, hosts.launchers(), surroundings);
    } catch (LaunchException e) {
      Path secret = hosts.secretFile();
      if (secret == null || SecretFile.read(secret).expose().equals(key.expose())) {
        throw e;
      }
      throw new LaunchException(
          "%s; node %s was not started with the secret in %s, which the running nodes of these hosts have: NodeOptions.standard().hosts(hosts) takes it"
              .formatted(e.getMessage(), name(), secret),
          e);
    }
  }

  /**
   * Connects to a running node of the same cluster. Answers the existing connection if there is one.
   *
   * @throws NodeLostException if nobody listens there
   * @throws io.places.ProtocolException if the node there belongs to another cluster or version
   */
  public RemoteNode connect(InetSocketAddress to) {
    requireOpen();
    Objects.requireNonNull(to, "to");
    return new RemoteNode(this, router.peers().connect(to), null);
  }

  /**
   * As {@link #connect(InetSocketAddress)}, which may take 5 s where something listens but does not answer,
   * and three times as long where it refuses.
   *
   * @param limit the longest to wait
   */
  public RemoteNode connect(InetSocketAddress to, Duration limit) {
    Timeouts.nanos(limit); // refuses a negative one
    requireOpen();
    Objects.requireNonNull(to, "to");
    return new RemoteNode(this, router.peers().connect(to, limit), null);
  }

  /**
   * Closes the node when its work is done: nothing is started here for other nodes any more, nor on the nodes
   * that it launched; the places that run, here and there, have a limit to end by themselves, and all that
   * they put and print arrives. Then it is closed as by {@link #close()}, which ends those that remain and takes some seconds
   more if there are any.
   */
  public void close(Duration drain) {
    Duration limit = Duration.ofNanos(Timeouts.nanos(drain)); // to which something can be added
    if (!closed.get()) {
      together("places-drain-", node -> node.drain(limit), limit, () -> host.drain(limit));
    }
    close();
  }

  /** Does something to each node that was launched here, and something else meanwhile. */
  private void together(
      String thread, Consumer<RemoteNode> toEach, Duration limit, Runnable meanwhile) {
    List<Thread> threads = new ArrayList<>();
    for (RemoteNode node : launched) {
      threads.add(
          surroundings.spawner().virtual(thread + node.name(), () -> toEach.accept(node)));
    }
    meanwhile.run();
    try {
      for (Thread each : threads) {
        each.join(limit.plus(CLOSE_LIMIT).plus(CLOSE_LIMIT));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // and close the rest without waiting
    }
  }

  /**
   * Closes the node: its places are killed, the nodes that it launched end, its connections are closed.
   * Waits up to 2 s for places whose code goes on; they are fenced then (see {@link Place#kill(Duration)}).
   * A place that closes its own node is not killed.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    timers.forEach(NodeTimer::close);
    host.close(CLOSE_LIMIT);
    together("places-close-", RemoteNode::close, Duration.ZERO, () -> {});
    for (Peer peer : router.peers().all()) {
      peer.connection().close(CLOSE_LIMIT);
    }
    wire.close();
  }

  /** Ends as a node does whose process is killed: without a word to anybody. */
  void abort() {
    if (closed.compareAndSet(false, true)) {
      timers.forEach(NodeTimer::close);
      wire.close();
      launched.forEach(RemoteNode::kill);
    }
  }

  /** A name for the next node to be launched. */
  String nextName() {
    return "node-" + launches.incrementAndGet();
  }

  /** To how many nodes it is connected; while two connect to each other, one may count twice. */
  int connections() {
    return router.peers().all().size();
  }

  ResolvedBody find(EntryPoint entry) {
    return host.find(entry);
  }

  /** Where this node takes time, threads and randomness from: frameworks use the same. */
  public Surroundings surroundings() {
    return surroundings;
  }

  /**
   * The node that has launched this one.
   *
   * @param whenLost run when the connection to it ends, with whether that is for want of memory here
   */
  void owner(UUID id, Consumer<Boolean> whenLost) {
    wire.awaitsOwner();
    router.owner(id, whenLost);
  }

  /**
   * The process of this node was told to end: its places are, too ({@link InterruptKind#TERMINATE}), and have
   * a limit for it; what they have sent leaves before the peers are told goodbye.
   */
  void terminate(Duration limit) {
    host.terminate(limit);
    close();
  }

  void forget(RemoteNode node) {
    launched.remove(node);
  }

  static Duration closeLimit() {
    return CLOSE_LIMIT;
  }

  private @Nullable Peer owner() {
    return router.owner();
  }

  private NodeProcess process(String child) {
    return new NodeProcess(
        child,
        NodeMain.class.getName(),
        new NodeConfiguration(child, key, identity.node(), allowed, largestMessage).lines());
  }

  private Connection open(InetSocketAddress to, Duration limit) {
    return wire.connect(to, limit);
  }

  private void requireMayLaunch() {
    requireOpen();
    OwnProcess.requireUnbounded();
  }

  private void requireOpen() {
    if (closed.get()) {
      throw closedException();
    }
  }

  private IllegalStateException closedException() {
    return new IllegalStateException("node " + name + " is closed");
  }

  @Override
  public String toString() {
    return "node %s (%s)".formatted(name, address);
  }
}
