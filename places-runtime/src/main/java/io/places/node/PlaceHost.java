package io.places.node;

import io.places.LaunchException;
import io.places.NamedPlaceNotFoundException;
import io.places.PlacesException;
import io.places.PutTimeoutException;
import io.places.Surroundings;
import io.places.channel.Attachments;
import io.places.channel.ChannelEnd;
import io.places.channel.ChannelEndType;
import io.places.channel.EncodedChannel;
import io.places.channel.LocalChannel;
import io.places.channel.PlaceChannel;
import io.places.message.MessageType;
import io.places.place.AllowList;
import io.places.place.CurrentPlace;
import io.places.place.EntryPoint;
import io.places.place.Isolation;
import io.places.place.PlaceDeath;
import io.places.place.PlaceEnd;
import io.places.place.PlaceHandle;
import io.places.place.PlaceLocation;
import io.places.place.PlaceStreams;
import io.places.place.ResolvedBody;
import io.places.place.RunningPlace;
import io.places.place.Spawn;
import io.places.wire.proto.Control;
import io.places.wire.proto.NamedOpened;
import io.places.wire.proto.NamedRefused;
import io.places.wire.proto.OpenNamed;
import io.places.wire.proto.PlaceEnded;
import io.places.wire.proto.PlaceRefused;
import io.places.wire.proto.PlaceStarted;
import io.places.wire.proto.StartPlace;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The places that run in this node, whoever started them, and their names. Safe for use by many threads.
 */
final class PlaceHost {
  private final PlaceLocation location;
  private final AllowList allowed;
  private final Surroundings surroundings;
  private final AtomicLong started = new AtomicLong();
  private final Map<String, NamedPlace> names = new ConcurrentHashMap<>();
  private final Map<CurrentPlace, RunningPlace> running = new ConcurrentHashMap<>();
  private volatile boolean closed;

  /**
   * A named place.
   *
   * @param door what is put here the body gets: ends of its clients' channels; null while it starts
   * @param clients those ends, as long as somebody holds them: they are closed when the place ends
   */
  private record NamedPlace(
      ChannelEndType<?, ?> type,
      @Nullable PlaceChannel<Object, Object> door,
      Set<ChannelEnd<?, ?, ?, ?>> clients) {}

  PlaceHost(PlaceLocation location, AllowList allowed, Surroundings surroundings) {
    this.location = location;
    this.allowed = allowed;
    this.surroundings = surroundings;
  }

  /**
   * Finds a body among the allowed packages.
   *
   * @throws LaunchException if it is missing or not allowed
   */
  ResolvedBody find(EntryPoint entry) {
    try {
      return ResolvedBody.find(entry, allowed);
    } catch (ClassNotFoundException e) {
      throw new LaunchException(
          "node %s cannot start %s: %s".formatted(location.name(), entry, e.getMessage()), e);
    }
  }

  /** Starts a place for a creator in this JVM, in a thread of this JVM. */
  PlaceHandle<?, ?> start(Spawn spawn, EntryPoint entry, Object... arguments) {
    ResolvedBody known = find(entry);
    known.checkArguments(arguments);
    spawn.streams().requireOpen();
    PlaceStreams.install();
    boolean isolated = spawn.isolation() == Isolation.CLASS_LOADER;
    ResolvedBody body = isolated ? findIsolated(entry) : known;
    List<Object> given = new ArrayList<>();
    for (int i = 0; i < arguments.length; i++) {
      MessageType<?> type = known.arguments().get(i);
      given.add(
          isolated ? recode(type, arguments[i], body.arguments().get(i)) : copy(type, arguments[i]));
    }
    String name = claimName(spawn, body, entry);
    String title = "place %s on node %s".formatted(name, location.name());
    Ends ends = isolated ? encoded(known, body, title) : direct(known, title);
    if (spawn.name() != null) {
      openDoor(name, ends.ofCreator());
    }
    return run(spawn, name, body, ends, given);
  }

  /** The two ends of a new place's channel. */
  private record Ends(ChannelEnd<?, ?, ?, ?> ofBody, ChannelEnd<?, ?, ?, ?> ofCreator) {}

  private Ends direct(ResolvedBody body, String title) {
    var pair =
        LocalChannel.pair(
            body.sends(),
            body.receives(),
            surroundings.clock(),
            "the creator of " + title,
            title);
    return new Ends((ChannelEnd<?, ?, ?, ?>) pair.first(), (ChannelEnd<?, ?, ?, ?>) pair.second());
  }

  private Ends encoded(ResolvedBody known, ResolvedBody isolated, String title) {
    var ends =
        EncodedChannel.pair(
            isolated.sends(),
            isolated.receives(),
            known.receives(),
            known.sends(),
            surroundings.clock(),
            "the creator of " + title,
            title);
    return new Ends(ends.first(), ends.second());
  }

  private PlaceHandle<?, ?> run(
      Spawn spawn, String name, ResolvedBody body, Ends ends, List<Object> given) {
    var handle = new PlaceHandle<>(name, location.name(), ends.ofCreator(), surroundings.clock());
    var self = new CurrentPlace(location, name, spawn.streams());
    RunningPlace place =
        RunningPlace.start(
            surroundings.spawner(),
            spawn.isolation(),
            self,
            body,
            ends.ofBody(),
            () -> given,
            end -> {
              over(self, spawn, end);
              handle.ended(end);
              ends.ofBody().close();
            });
    handle.control(place);
    runs(self, place);
    return handle;
  }

  private void runs(CurrentPlace self, RunningPlace place) {
    running.put(self, place);
    if (place.isOver()) {
      running.remove(self);
    } else if (closed) {
      place.kill();
    }
  }

  /** Frees the name of a place, and tells those who talk to it by that. */
  private void over(CurrentPlace self, Spawn spawn, PlaceEnd end) {
    running.remove(self);
    NamedPlace named = spawn.name() == null ? null : names.remove(spawn.name());
    if (named != null) {
      PlacesException why = RunningPlace.closedBecause(self.place(), location.name(), end).get();
      List<ChannelEnd<?, ?, ?, ?>> clients;
      synchronized (named.clients()) {
        clients = List.copyOf(named.clients());
      }
      clients.forEach(client -> client.close(why));
    }
  }

  /**
   * Kills all places but the calling one, and waits up to a limit until they have ended. Places that are
   * started meanwhile are killed, too.
   */
  void close(Duration limit) {
    closed = true;
    CurrentPlace caller = CurrentPlace.get().orElse(null);
    Map<CurrentPlace, RunningPlace> others = new HashMap<>(running);
    others.remove(caller);
    others.values().forEach(RunningPlace::kill);
    long start = surroundings.clock().nanoTime();
    for (RunningPlace place : others.values()) {
      place.awaitEnd(limit.minusNanos(surroundings.clock().nanoTime() - start));
    }
  }

  private ResolvedBody findIsolated(EntryPoint entry) {
    try {
      return ResolvedBody.findIsolated(entry, allowed);
    } catch (ClassNotFoundException e) {
      throw new LaunchException(
          "node %s cannot start %s: %s".formatted(location.name(), entry, e.getMessage()), e);
    }
  }

  /** The same value in the place's own classes. */
  private static <T> Object recode(MessageType<T> from, Object argument, MessageType<?> to) {
    var attached = new Attachments();
    byte[] bytes = from.encode(from.cast(argument), attached);
    return to.decode(bytes, 0, bytes.length, attached);
  }

  /** Starts a place for a creator on another node, or tells it why not. */
  void start(Peer creator, StartPlace request) {
    Control answer;
    Runnable run = () -> {};
    String claimed = "";
    try {
      var entry = new EntryPoint(request.getClassName(), request.getMethodName());
      Spawn spawn =
          request.getName().isEmpty() ? Spawn.anonymous() : Spawn.named(request.getName());
      Isolation isolation = isolation(request);
      ResolvedBody body =
          isolation == Isolation.CLASS_LOADER ? findIsolated(entry) : find(entry);
      checkTypes(entry, body, request);
      String name = claimName(spawn, body, entry);
      claimed = request.getName();
      run = prepare(creator, request, spawn.isolation(isolation), name, body);
      answer =
          Control.newBuilder()
              .setPlaceStarted(
                  PlaceStarted.newBuilder().setChannel(request.getChannel()).setPlace(name))
              .build();
    } catch (PlacesException | IllegalArgumentException | LinkageError e) {
      names.remove(claimed);
      String reason = e.getMessage() == null ? e.toString() : e.getMessage();
      answer =
          Control.newBuilder()
              .setPlaceRefused(
                  PlaceRefused.newBuilder()
                      .setChannel(request.getChannel())
                      .setReason(Failures.cut(reason, 4_000)))
              .build();
    }
    creator.connection().control(answer);
    run.run();
  }

  /** Makes everything that a remote creator's place needs; the answer starts it. */
  private <S, R> Runnable prepare(
      Peer creator,
      StartPlace request,
      Spawn spawn,
      String name,
      ResolvedBody body) {
    @SuppressWarnings("unchecked") // the types of the body are its own
    var sends = (MessageType<S>) body.sends();
    @SuppressWarnings("unchecked")
    var receives = (MessageType<R>) body.receives();
    long lane = request.getChannel();
    String title = "the creator on " + creator.name();
    RemoteChannel<S, R> channel =
        RemoteChannel.open(
            creator, lane, lane, sends, receives, surroundings.clock(), title);
    RemoteChannel<byte[], byte[]> output =
        RemoteChannel.open(
            creator,
            request.getOutput(),
            lane,
            MessageType.of(byte[].class),
            MessageType.of(byte[].class),
            surroundings.clock(),
            title);
    creator.register(channel);
    creator.register(output);
    var out = new PlaceOutput(output, PlaceOutput.OUT);
    var err = new PlaceOutput(output, PlaceOutput.ERR);
    ChannelEnd<?, ?, ?, ?> ofBody = spawn.name() == null ? channel : clientsEnd(name, body);
    PlaceInput in = request.getInput() ? new PlaceInput(output) : null;
    var self = new CurrentPlace(location, name, new CurrentPlace.Streams(in, out, err));
    return () -> {
      RunningPlace place =
          RunningPlace.start(
              surroundings.spawner(),
              spawn.isolation(),
              self,
              body,
              ofBody,
              () -> arguments(channel, body),
              end -> {
                closeQuietly(out);
                closeQuietly(err);
                over(self, spawn, end);
                tellEnd(creator, channel, output, end);
                ofBody.close(); // after the end was told: it says more than "closed"
              });
      creator.host(channel.id(), place);
      runs(self, place);
    };
  }

  private static Isolation isolation(StartPlace request) {
    return switch (request.getIsolation()) {
      case THREAD -> Isolation.THREAD;
      case VIRTUAL -> Isolation.VIRTUAL;
      case CLASS_LOADER -> Isolation.CLASS_LOADER;
      case UNRECOGNIZED ->
          throw new IllegalArgumentException(
              "isolation " + request.getIsolationValue() + " is not known here");
    };
  }

  /** A named place talks to its clients only; its end to them is within this JVM. */
  private ChannelEnd<?, ?, ?, ?> clientsEnd(String name, ResolvedBody body) {
    String title = "place %s on node %s".formatted(name, location.name());
    var pair =
        LocalChannel.pair(
            body.sends(), body.receives(), surroundings.clock(), "the node of " + title, title);
    openDoor(name, pair.second());
    return (ChannelEnd<?, ?, ?, ?>) pair.first();
  }

  private static List<Object> arguments(RemoteChannel<?, ?> channel, ResolvedBody body) {
    List<Object> arguments = new ArrayList<>();
    for (MessageType<?> type : body.arguments()) {
      arguments.add(channel.getArgument(type));
    }
    return arguments;
  }

  private static void tellEnd(
      Peer creator, RemoteChannel<?, ?> channel, RemoteChannel<?, ?> output, PlaceEnd end) {
    creator.remove(channel.id());
    creator.remove(output.id());
    creator.unhost(channel.id());
    var message =
        PlaceEnded.newBuilder()
            .setChannel(channel.id())
            .setExitCode(end.exitCode())
            .setKilled(end.reason() == PlaceDeath.Reason.KILLED);
    if (end.failure() != null) {
      message.setFailure(Failures.toWire(end.failure()));
    }
    creator
        .connection()
        .control(channel.lane(), Control.newBuilder().setPlaceEnded(message).build());
  }

  private static void closeQuietly(PlaceOutput stream) {
    try {
      stream.close();
    } catch (IOException e) {
      // The creator is gone: nobody is left to read the last line.
    }
  }

  private static void checkTypes(EntryPoint entry, ResolvedBody body, StartPlace request) {
    if (!body.sends().name().equals(request.getSends())
        || !body.receives().name().equals(request.getReceives())
        || body.arguments().size() != request.getArguments()) {
      throw new IllegalArgumentException(
          "%s sends %s, receives %s and takes %d arguments here, but its creator knows it as sending %s, receiving %s and taking %d: the two nodes have different versions of the class"
              .formatted(
                  entry,
                  body.sends().name(),
                  body.receives().name(),
                  body.arguments().size(),
                  request.getSends(),
                  request.getReceives(),
                  request.getArguments()));
    }
  }

  private String claimName(Spawn spawn, ResolvedBody body, EntryPoint entry) {
    String name = spawn.name();
    if (name == null) {
      String simple = entry.className().substring(entry.className().lastIndexOf('.') + 1);
      return simple.replace('$', '.') + "-" + started.incrementAndGet();
    }
    if (!body.takesClients()) {
      throw new IllegalArgumentException(
          "%s cannot be a named place: its channel must be a PlaceChannel<Void, PlaceChannel<…, …>>, over which it receives the ends of its clients' channels"
              .formatted(entry));
    }
    var starting = new NamedPlace((ChannelEndType<?, ?>) body.receives(), null, Set.of());
    if (names.putIfAbsent(name, starting) != null) {
      throw new LaunchException(
          "node %s has a place named '%s' already; a name is free again when its place has ended"
              .formatted(location.name(), name));
    }
    return name;
  }

  @SuppressWarnings("unchecked") // only ends of the door's own type are put there: see open()
  private void openDoor(String name, PlaceChannel<?, ?> door) {
    names.computeIfPresent(
        name,
        (key, starting) ->
            new NamedPlace(
                starting.type(),
                (PlaceChannel<Object, Object>) door,
                Collections.newSetFromMap(new WeakHashMap<>())));
  }

  /** Opens a channel to a named place for a client in this JVM. */
  <S, R> PlaceChannel<S, R> open(String name, MessageType<S> sends, MessageType<R> receives) {
    NamedPlace place = named(name);
    checkTypes(name, place, receives.name(), sends.name());
    String title = "place %s on node %s".formatted(name, location.name());
    PlaceChannel.Pair<R, S> pair =
        LocalChannel.pair(
            receives, sends, surroundings.clock(), "a client of " + title, title);
    enter(name, place, pair.first());
    return pair.second();
  }

  /** Opens a channel to a named place for a client on another node, or tells it why not. */
  void open(Peer client, OpenNamed request) {
    Control answer;
    try {
      NamedPlace place = named(request.getName());
      checkTypes(request.getName(), place, request.getSends(), request.getReceives());
      RemoteChannel<?, ?> end =
          RemoteChannel.open(
              client,
              request.getChannel(),
              request.getChannel(),
              place.type().sends(),
              place.type().receives(),
              surroundings.clock(),
              "a client on " + client.name());
      client.register(end);
      enter(request.getName(), place, end);
      answer =
          Control.newBuilder()
              .setNamedOpened(NamedOpened.newBuilder().setChannel(request.getChannel()))
              .build();
    } catch (PlacesException | IllegalArgumentException e) {
      client.remove(request.getChannel());
      answer =
          Control.newBuilder()
              .setNamedRefused(
                  NamedRefused.newBuilder()
                      .setChannel(request.getChannel())
                      .setWhy(
                          e instanceof NamedPlaceNotFoundException
                              ? NamedRefused.Why.NOT_FOUND
                              : NamedRefused.Why.OTHER)
                      .setReason(Failures.cut(String.valueOf(e.getMessage()), 4_000)))
              .build();
    }
    client.connection().control(answer);
  }

  private NamedPlace named(String name) {
    NamedPlace place = names.get(name);
    if (place == null) {
      throw new NamedPlaceNotFoundException(
          "no place named '%s' on node %s; it has: %s"
              .formatted(
                  name,
                  location.name(),
                  names.isEmpty() ? "none" : String.join(", ", new TreeMap<>(names).keySet())));
    }
    return place;
  }

  private void checkTypes(String name, NamedPlace place, String sends, String receives) {
    if (!place.type().sends().name().equals(sends)
        || !place.type().receives().name().equals(receives)) {
      throw new IllegalArgumentException(
          "place '%s' on node %s sends %s and receives %s, not %s and %s"
              .formatted(
                  name,
                  location.name(),
                  place.type().sends().name(),
                  place.type().receives().name(),
                  sends,
                  receives));
    }
  }

  private void enter(String name, NamedPlace place, PlaceChannel<?, ?> client) {
    PlaceChannel<Object, Object> door = place.door();
    if (door == null || !door.offer(client)) {
      throw new PutTimeoutException(
          "place '%s' on node %s lets no client in now: %s"
              .formatted(
                  name,
                  location.name(),
                  door == null ? "it is just starting" : "too many wait already"));
    }
    synchronized (place.clients()) {
      place.clients().add((ChannelEnd<?, ?, ?, ?>) client);
    }
    NamedPlace now = names.get(name);
    if (now == null || !door.equals(now.door())) {
      client.close(); // the place ended meanwhile, and may not have known this client
    }
  }

  private static <T> Object copy(MessageType<T> type, Object argument) {
    return type.copy(type.check(argument));
  }
}
