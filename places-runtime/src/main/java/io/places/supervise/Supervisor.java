package io.places.supervise;

import io.places.LaunchException;
import io.places.PlacesException;
import io.places.Surroundings;
import io.places.event.Event;
import io.places.launch.Launcher;
import io.places.node.Node;
import io.places.node.RemoteNode;
import io.places.place.Place;
import io.places.place.PlaceBody;
import io.places.place.PlaceDeath;
import io.places.place.PlaceLocation;
import io.places.place.Spawn;
import java.util.Deque;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.function.Supplier;

/**
 * Keeps places, nodes and programs alive: starts them, watches them, and starts them anew when they end.
 *
 * <pre>{@code
 * try (Supervisor supervisor = Supervisor.at(node)) {
 *   var counter =
 *       supervisor.supervise(
 *           "counter", Counter::body, Restart.whenFailed().atMost(3).within(Duration.ofSeconds(30)));
 *   PlaceChannel<Add, Long> channel = counter.channel();
 *   ...
 * }
 * }</pre>
 *
 * <p>The first start is part of the call: what cannot be started at all fails there and is not supervised.
 * What a supervisor keeps alive ends when the supervisor is closed, the last one started first, and when
 * the place ends in which the supervisor was asked.
 *
 * <p>Safe for use by many threads.
 */
public final class Supervisor implements AutoCloseable {
  /**
   * The package that a node's allow-list must contain ({@code NodeOptions.allow}) before the node runs
   * programs: by default a peer can start the bodies of its own program there, and nothing else.
   */
  public static final String PROGRAMS = "io.places.supervise";

  private final Node node;
  private final Surroundings surroundings;
  private final String location;
  private final Supplier<? extends PlaceLocation> at;
  private final boolean local;
  private final Deque<SupervisedPlace<?, ?>> kept = new ConcurrentLinkedDeque<>(); // last first
  private volatile boolean closed;

  /**
   * @param node of this JVM: the one that supervises
   * @param location the name of the node on which it starts things
   */
  private Supervisor(
      Node node,
      Surroundings surroundings,
      String location,
      boolean local,
      Supplier<? extends PlaceLocation> at) {
    this.node = node;
    this.surroundings = surroundings;
    this.location = location;
    this.local = local;
    this.at = at;
  }

  /** Starts what it supervises on a node of this JVM. */
  public static Supervisor at(Node node) {
    return new Supervisor(
        Objects.requireNonNull(node, "node"), node.surroundings(), node.name(), true, () -> node);
  }

  /** Starts what it supervises on another node. When that is lost, all of it is given up. */
  public static Supervisor at(RemoteNode node) {
    return new Supervisor(
        Objects.requireNonNull(node, "node").node(),
        Surroundings.system(),
        node.name(),
        false,
        () -> node);
  }

  /**
   * Starts what it supervises on a node that is itself supervised: when that has come up again, the places
   * are started there. The loss of the node counts as an end of each of them.
   */
  public static Supervisor at(SupervisedNode node) {
    return new Supervisor(
        node.node().node(),
        Surroundings.system(),
        node.node().name(),
        false,
        () -> node.node(SupervisedNode.UP_LIMIT));
  }

  /**
   * Starts a place and keeps it alive.
   *
   * @param name for messages; a body that takes clients is found by it on its node, as one started with
   *     {@link Spawn#named}
   * @throws LaunchException if it cannot be started now
   * @throws IllegalStateException if the supervisor is closed
   * @throws IllegalArgumentException if the body has no address, as for {@link PlaceLocation#place}
   */
  public <S, R> SupervisedPlace<R, S> supervise(
      String name, PlaceBody<S, R> body, Restart restart) {
    return place(
        "place '%s' on node %s".formatted(name, location),
        restart,
        epoch -> at.get().place(Spawn.supervised(name, epoch), body));
  }

  /** As {@link #supervise(String, PlaceBody, Restart)}, with an argument, the same in each life. */
  public <S, R, A> SupervisedPlace<R, S> supervise(
      String name, PlaceBody.With<S, R, A> body, A argument, Restart restart) {
    return place(
        "place '%s' on node %s".formatted(name, location),
        restart,
        epoch -> at.get().place(Spawn.supervised(name, epoch), body, argument));
  }

  /**
   * Launches a node and keeps it alive. A life ends when the connection is lost; what is left of its process
   * is killed before the next life begins.
   *
   * @param by the node that launches it
   * @param name the name of the node in all its lives
   * @throws LaunchException if it does not come up now
   */
  public static SupervisedNode superviseNode(
      Node by, String name, Launcher launcher, Restart restart) {
    return new SupervisedNode(
        new Keeper<>(new KeptNode(by, name, launcher), restart, by.name(), by.surroundings()));
  }

  /**
   * Runs a program on the node and keeps it alive. Its input is empty; its output appears here, each line
   * with the node and the name in front. It failed unless its exit code is 0.
   *
   * <p>A program that is still running when its node's process is killed is not ended with it, unless it
   * ends by itself at the end of its input. What a program has started ends with it when it is closed, but
   * goes on when the program ends by itself.
   *
   * @throws LaunchException if the node's allow-list does not contain {@link #PROGRAMS}
   */
  public SupervisedProgram superviseProgram(String name, Command command, Restart restart) {
    String prefix = local ? "%s/%s | ".formatted(location, name) : "";
    return new SupervisedProgram(
        place(
            "program '%s' on node %s".formatted(name, location),
            restart,
            epoch ->
                at.get()
                    .place(
                        Spawn.supervised(name, epoch),
                        ExternalProgram::run,
                        new ExternalProgram.Run(command, prefix))));
  }

  private interface Starting<S, R> {
    Place<S, R> start(long epoch);
  }

  private <S, R> SupervisedPlace<S, R> place(
      String what, Restart restart, Starting<S, R> starting) {
    requireOpen();
    var keeper = new Keeper<>(new KeptPlace<>(what, starting), restart, node.name(), surroundings);
    var place = new SupervisedPlace<>(keeper);
    kept.push(place);
    keeper.whenDone(() -> kept.remove(place));
    if (closed) {
      place.close(); // it may not have been seen
      requireOpen();
    }
    return place;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the supervisor on node " + location + " is closed");
    }
  }

  /** How many things it keeps alive. */
  int count() {
    return kept.size();
  }

  /**
   * Ends everything that it keeps alive, the last one started first.
   *
   * @throws io.places.PlaceStillRunningException if the code of a place goes on; the others have ended
   */
  @Override
  public void close() {
    closed = true;
    PlacesException failure = null;
    for (SupervisedPlace<?, ?> next = kept.poll(); next != null; next = kept.poll()) {
      try {
        next.close();
      } catch (PlacesException e) {
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private record KeptPlace<S, R>(String what, Starting<S, R> starting)
      implements Keeper.Thing<Place<S, R>> {
    @Override
    public Place<S, R> start(long epoch) {
      return starting.start(epoch);
    }

    @Override
    public Keeper.End await(Place<S, R> life) {
      PlaceDeath death = Event.sync(life.deadEvent());
      return switch (death.reason()) {
        case EXIT ->
            new Keeper.End(
                death.exitCode() != 0,
                "%s has ended with exit code %d".formatted(what, death.exitCode()),
                null);
        case EXCEPTION ->
            new Keeper.End(
                true,
                death.failure().map(Throwable::getMessage).orElse(what + " has failed"),
                death.failure().orElse(null));
        case KILLED -> new Keeper.End(true, what + " was killed", null);
        case NODE_DOWN, UNREACHABLE -> lost(life);
      };
    }

    private Keeper.End lost(Place<S, R> life) {
      try {
        return new Keeper.End(true, what + " ended with exit code " + life.join(), null);
      } catch (PlacesException e) {
        return new Keeper.End(true, "%s is lost: %s".formatted(what, e.getMessage()), e);
      }
    }

    @Override
    public void stop(Place<S, R> life) {
      life.kill();
    }
  }

  private record KeptNode(Node by, String name, Launcher launcher)
      implements Keeper.Thing<RemoteNode> {
    @Override
    public String what() {
      return "node " + name;
    }

    @Override
    public RemoteNode start(long epoch) {
      return by.launch(name, launcher);
    }

    @Override
    public Keeper.End await(RemoteNode life) {
      PlacesException why = life.awaitLoss();
      life.kill(); // if it is only silent, it must not come back beside its successor
      return new Keeper.End(true, String.valueOf(why.getMessage()), why);
    }

    @Override
    public void stop(RemoteNode life) {
      life.close();
    }
  }
}
