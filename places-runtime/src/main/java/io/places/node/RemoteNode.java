package io.places.node;

import io.places.LaunchException;
import io.places.Name;
import io.places.NodeLostException;
import io.places.NamedPlaceNotFoundException;
import io.places.PlaceAlreadyExistsException;
import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.Surroundings;
import io.places.channel.ChannelEnd;
import io.places.channel.Timeouts;
import io.places.launch.LaunchedProcess;
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
import io.places.wire.proto.Control;
import io.places.wire.proto.Drain;
import io.places.wire.proto.Inspect;
import io.places.wire.proto.ListNames;
import io.places.wire.proto.NamedRefused;
import io.places.wire.proto.OpenNamed;
import io.places.wire.proto.PlaceRefused;
import io.places.wire.proto.StartPlace;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.net.InetSocketAddress;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.function.UnaryOperator;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Another node, launched by this one or connected to. When it is lost every operation on it, on its
 * places and on their channels throws {@link io.places.NodeLostException}, pending ones included.
 *
 * <p>Safe for use by many threads.
 */
public final class RemoteNode implements PlaceLocation, AutoCloseable {
  /** A node answers this at once; one whose machine is busy, in seconds. */
  private static final Duration STATUS_LIMIT = Duration.ofSeconds(10);

  private final Node node;
  private final Peer first;
  private final @Nullable LaunchedProcess process;
  private final AtomicBoolean closed = new AtomicBoolean();

  RemoteNode(Node node, Peer peer, @Nullable LaunchedProcess process) {
    this.node = node;
    this.first = peer;
    this.process = process;
    peer.use();
    if (process != null) {
      peer.fate(process::fate);
      peer.seenFromThere(process::seenFromThere);
    }
  }

  /** The node of this JVM that has launched it or connected to it. */
  public Node node() {
    return node;
  }

  private Peer peer() {
    return first.serving();
  }

  @Override
  public String name() {
    return peer().name();
  }

  /** Where it listens, as this node reaches it. */
  public InetSocketAddress address() {
    return peer().connection().remote();
  }

  /**
   * Where it listens, as another node reaches it: what to tell a place there that is to connect to this
   * node. Differs from {@link #address()} for nodes on other machines; a way through this JVM's
   * connections to them is made if there is none.
   *
   * @throws LaunchException if none can be made
   */
  public InetSocketAddress addressFrom(RemoteNode other) {
    return other.process == null ? address() : other.process.seenFromThere(address());
  }

  /**
   * The machine on which it runs, by the name under which it was launched there.
   *
   * @throws IllegalStateException if it was not launched by this node
   */
  public String host() {
    return launched().host();
  }

  /** Has what became of its process told in other words. */
  void explainFate(UnaryOperator<String> words) {
    if (process != null) {
      peer().fate(() -> words.apply(process.fate()));
    }
  }

  /** Whether it is connected. */
  public boolean isAlive() {
    return !peer().isLost();
  }

  /**
   * Its process id, for a node that was launched here.
   *
   * @throws IllegalStateException if it was not
   */
  public long processId() {
    return launched().processId();
  }

  /**
   * What its process has ended with, for a node that was launched here: 128 + the number of the signal that has ended
   * it, if one has. Empty if it runs, or if that is not known. Waits a moment for a process that is just ending.
   */
  public OptionalInt exitCode() {
    return process == null ? OptionalInt.empty() : process.exitCode();
  }

  /** Those of the node that launched it or connected to it: what it launches gets the same. */
  @Override
  public AllowList allowed() {
    return node.allowed();
  }

  @Override
  public <S, R> Place<R, S> start(Spawn spawn, EntryPoint entry, Object... arguments) {
    Objects.requireNonNull(spawn, "spawn");
    peer().requireAlive();
    ResolvedBody body = node.find(entry);
    body.checkArguments(arguments);
    if (spawn.isolation() == Isolation.PROCESS) {
      throw new IllegalArgumentException(
          "a place with a process of its own is started by its own machine's node: start the place on a node launched for it");
    }
    spawn.requireNoMemoryBound();
    spawn.streams().requireOpen();
    PlaceHandle<?, ?> place = startThere(peer(), spawn, entry, body, arguments);
    CurrentPlace.adopt(place);
    @SuppressWarnings("unchecked") // the types are the body's: see PlaceLocation's typed forms
    Place<R, S> typed = (Place<R, S>) place;
    return typed;
  }

  private PlaceHandle<?, ?> startThere(
      Peer peer, Spawn spawn, EntryPoint entry, ResolvedBody body, Object[] arguments) {
    peer.makeRoom(surroundings().clock());
    long id = peer.newChannelId();
    long outputId = peer.newChannelId();
    String title = "a place of %s on node %s".formatted(entry, name());
    ChannelEnd<?, ?> channel =
        RemoteLink.open(
            peer, id, id, body.receives(), body.sends(), surroundings().clock(), title);
    ChannelEnd<byte[], byte[]> output =
        RemoteLink.open(
            peer,
            outputId,
            id,
            MessageType.of(byte[].class),
            MessageType.of(byte[].class),
            surroundings().clock(),
            "the streams of " + title);
    // The place may end before the answer to the request is read here, so what waits for its end must
    // be there first. Its name is known then only if the creator chose it.
    var request =
        StartPlace.newBuilder()
            .setChannel(id)
            .setOutput(outputId)
            .setClassName(entry.className())
            .setMethodName(entry.methodName())
            .setArguments(arguments.length)
            .setSends(body.sends().name())
            .setReceives(body.receives().name())
            .setName(spawn.name() == null ? "" : spawn.name())
            .setEpoch(spawn.epoch())
            .setIsolation(isolation(spawn.isolation()))
            .setInput(spawn.streams().in() != null);
    RemotePlace<?, ?> place = remotePlace(peer, id, outputId, channel, output, spawn.streams());
    peer.register(id, place);
    Control answer = askOrForget(peer, id, outputId, Control.newBuilder().setStartPlace(request).build());
    if (answer.getBodyCase() != Control.BodyCase.PLACE_STARTED) {
      forget(peer, id, outputId);
      PlaceRefused refused = answer.getPlaceRefused();
      String why =
          "node %s refused to start %s: %s%s"
              .formatted(name(), entry, refused.getReason(), notOnTheClassPath(entry));
      throw refused.getWhy() == PlaceRefused.Why.NAME_TAKEN
          ? new PlaceAlreadyExistsException(why)
          : new LaunchException(why);
    }
    place.handle().rename(answer.getPlaceStarted().getPlace());
    place.printOutput(surroundings());
    place.sendInput(surroundings());
    try {
      for (int i = 0; i < arguments.length; i++) {
        channel.putArgument(body.arguments().get(i), arguments[i]);
      }
    } catch (RuntimeException e) {
      place.kill(); // nobody will ever have it
      throw e;
    }
    return place.handle();
  }

  /** What to do about a class that only this JVM has; empty if the body's is not one of these. */
  private static String notOnTheClassPath(EntryPoint entry) {
    String file = entry.className().replace('.', '/') + ".class";
    return ClassLoader.getSystemResource(file) != null
        ? ""
        : "; it is not on this JVM's class path either, which is what launched nodes get: compile it to a folder or jar there ('java File.java' keeps its classes to itself)";
  }

  private <S, R> RemotePlace<S, R> remotePlace(
      Peer peer,
      long id,
      long outputId,
      ChannelEnd<S, R> channel,
      ChannelEnd<byte[], byte[]> output,
      CurrentPlace.Streams streams) {
    var handle = new PlaceHandle<>("a starting place", name(), channel, surroundings().clock());
    var place = new RemotePlace<>(peer, id, outputId, output, streams, handle);
    handle.control(place);
    return place;
  }

  static io.places.wire.proto.Isolation isolation(Isolation isolation) {
    return switch (isolation) {
      case THREAD -> io.places.wire.proto.Isolation.THREAD;
      case VIRTUAL -> io.places.wire.proto.Isolation.VIRTUAL;
      case CLASS_LOADER -> io.places.wire.proto.Isolation.CLASS_LOADER;
      case PROCESS -> throw new AssertionError("such a place is its node's, not one of several");
    };
  }

  @Override
  public <S, R> NamedChannel<S, R> find(
      String place, Class<S> sends, Class<R> receives, Duration waiting) {
    Name.require("a place's", Objects.requireNonNull(place, "place"));
    Objects.requireNonNull(sends, "sends");
    Objects.requireNonNull(receives, "receives");
    long millis = Timeouts.nanos(waiting) / 1_000_000;
    Peer peer = peer();
    peer.requireAlive();
    peer.makeRoom(surroundings().clock());
    long id = peer.newChannelId();
    MessageType<S> sent = MessageType.of(sends);
    MessageType<R> received = MessageType.of(receives);
    ChannelEnd<S, R> channel =
        RemoteLink.open(
            peer,
            id,
            id,
            sent,
            received,
            surroundings().clock(),
            "place %s on node %s".formatted(place, name()));
    var request =
        OpenNamed.newBuilder()
            .setChannel(id)
            .setName(place)
            .setSends(received.name())
            .setReceives(sent.name())
            .setWaitMillis(millis);
    Control answer =
        askOrForget(peer, id, id, Control.newBuilder().setOpenNamed(request).build(), waiting);
    if (answer.getBodyCase() != Control.BodyCase.NAMED_OPENED) {
      forget(peer, id, id);
      NamedRefused refused = answer.getNamedRefused();
      throw refused.getWhy() == NamedRefused.Why.NOT_FOUND
          ? new NamedPlaceNotFoundException(refused.getReason())
          : new PlacesException(refused.getReason());
    }
    channel.isHeldHere();
    return new NamedChannel<>(place, answer.getNamedOpened().getEpoch(), channel);
  }

  @Override
  public List<String> names() {
    Peer peer = peer();
    peer.requireAlive();
    List<String> names = new ArrayList<>();
    List<String> more;
    do {
      long id = peer.newChannelId();
      var request =
          ListNames.newBuilder().setRequest(id).setAfter(names.isEmpty() ? "" : names.getLast());
      more =
          peer.ask(id, Control.newBuilder().setListNames(request).build())
              .getNamesListed()
              .getNamesList();
      names.addAll(more);
    } while (more.size() == MessageRouter.NAMES_AT_ONCE);
    return List.copyOf(names);
  }

  /**
   * What it does now. Of tables that are too long for one answer the last rows are left off, and counted:
   * see {@link NodeStatus.Table}.
   *
   * @throws NodeLostException if it is lost, or has not answered within 10 s
   */
  public NodeStatus status() {
    Peer peer = peer();
    peer.requireAlive();
    long id = peer.newChannelId();
    Control request =
        Control.newBuilder().setInspect(Inspect.newBuilder().setRequest(id)).build();
    return Statuses.fromWire(peer.askWithin(id, request, STATUS_LIMIT).getInspected());
  }

  /**
   * Waits until the connection to it is over, for whatever reason.
   *
   * @return the reason: what calls on its places throw
   */
  public PlacesException awaitLoss() {
    try {
      return peer().end().get().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException("interrupted while watching " + this, e);
    } catch (ExecutionException e) {
      throw new AssertionError("the end of a connection cannot fail", e);
    }
  }

  /**
   * Ends a node that was launched here when its work is done: nothing more is started there, and the places
   * that run have a limit to end by themselves; all that they put and print arrives. Those that remain end
   * with the node, which takes some seconds more. One that was attached to runs on: the places that were
   * started from here have the limit, then it is left. A node that was only connected to is left at once.
   *
   * @param drain the limit for the places, not for this call
   */
  public void close(Duration drain) {
    Timeouts.nanos(drain); // refuses a negative one
    if (process != null) {
      drain(drain);
    }
    close();
  }

  /** Waits until what runs there has ended, and its last words are here; of another's node, what is ours. */
  void drain(Duration limit) {
    Peer peer = peer();
    if (peer.isLost()) {
      return;
    }
    try {
      if (endsWithUs()) {
        askToDrain(peer, limit);
        peer.awaitPlaces(Node.closeLimit(), surroundings().clock());
      } else {
        peer.awaitPlaces(limit, surroundings().clock());
      }
    } catch (NodeLostException e) {
      // it is gone: there is nothing to wait for
    }
  }

  private static void askToDrain(Peer peer, Duration limit) {
    long id = peer.newChannelId();
    var request = Drain.newBuilder().setRequest(id).setLimitMillis(Timeouts.nanos(limit) / 1_000_000);
    peer.ask(id, Control.newBuilder().setDrain(request).build(), limit);
  }

  /** Whether its process was launched here; one that was attached to is somebody else's. */
  private boolean endsWithUs() {
    return process != null && !process.isAttached();
  }

  /**
   * Ends a node that was launched here. Leaves one that was only connected or attached to: the connection,
   * which all in this JVM share who have done either, is closed when each has closed its own, unless ends of
   * channels use it that have moved between the two nodes. If the other node has opened the connection, it
   * stays open for that one, and only what was started and found from here ends.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    Peer peer = peer();
    boolean wasLost = peer.isLost();
    if (process == null || process.isAttached()) {
      peer.release();
    } else {
      peer.connection().close(Node.closeLimit());
      if (wasLost) {
        process.kill(); // it does not listen, so there is nothing to wait for
      }
      process.end(Node.closeLimit());
      peer.awaitLoss(Node.closeLimit());
    }
    node.forget(this);
  }

  /**
   * Ends the process of a node that was launched here by force; returns when it is gone, and known here to be lost: the
   * latter not for an interrupted thread, nor where that is being told. One that was attached to is left, as by
   * {@link #close()}.
   */
  public void kill() {
    LaunchedProcess killed = launched();
    if (killed.isAttached()) {
      close();
    } else {
      killed.kill();
      Peer peer = peer();
      if (!peer.isLost()) { // else this may be called by those who are being told
        peer.awaitLoss(Node.closeLimit());
      }
      node.forget(this);
    }
  }

  private LaunchedProcess launched() {
    if (process == null) {
      throw new IllegalStateException(this + " was not launched by this node");
    }
    return process;
  }

  private static Control askOrForget(Peer peer, long id, long outputId, Control request) {
    return askOrForget(peer, id, outputId, request, Duration.ZERO);
  }

  private static Control askOrForget(
      Peer peer, long id, long outputId, Control request, Duration waiting) {
    try {
      return peer.ask(id, request, waiting);
    } catch (RuntimeException e) {
      forget(peer, id, outputId);
      throw e;
    }
  }

  private static void forget(Peer peer, long id, long outputId) {
    peer.remove(id);
    peer.remove(outputId);
    peer.removePlace(id);
  }

  private Surroundings surroundings() {
    return node.surroundings();
  }

  @Override
  public String toString() {
    return peer().toString();
  }
}
