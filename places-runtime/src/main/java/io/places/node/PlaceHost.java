package io.places.node;

import io.places.LaunchException;
import io.places.NamedPlaceNotFoundException;
import io.places.PlaceAlreadyExistsException;
import io.places.PlacesException;
import io.places.Surroundings;
import io.places.channel.ChannelEnd;
import io.places.channel.ChannelEndType;
import io.places.channel.Encoded;
import io.places.channel.Lending;
import io.places.channel.LocalChannel;
import io.places.channel.PlaceChannel;
import io.places.message.MessageType;
import io.places.place.AllowList;
import io.places.place.CurrentPlace;
import io.places.place.EntryPoint;
import io.places.place.Isolation;
import io.places.place.NamedChannel;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The places that run in this node, whoever started them, and their names. Safe for use by many threads.
 */
final class PlaceHost {
  /** The longest that a peer may have a name waited for: a thread is kept for each. */
  static final Duration MAX_WAIT = Duration.ofHours(1);

  private final PlaceLocation location;
  private final AllowList allowed;
  private final Surroundings surroundings;
  private final AtomicLong started = new AtomicLong();
  private final Names names;
  private final Map<CurrentPlace, RunningPlace> running = new ConcurrentHashMap<>();
  private volatile boolean closed;
  private volatile boolean draining;

  PlaceHost(PlaceLocation location, AllowList allowed, Surroundings surroundings) {
    this.location = location;
    this.allowed = allowed;
    this.surroundings = surroundings;
    this.names = new Names(location.name(), surroundings);
  }

  Names names() {
    return names;
  }

  /** The places that run. */
  Map<CurrentPlace, RunningPlace> running() {
    return Map.copyOf(running);
  }

  /**
   * Finds a body among the allowed packages.
   *
   * @throws LaunchException if it is missing or not allowed, or a class that it needs is missing
   */
  ResolvedBody find(EntryPoint entry) {
    try {
      return ResolvedBody.find(entry, allowed);
    } catch (ClassNotFoundException | LinkageError | TypeNotPresentException e) {
      throw notFound(entry, e);
    }
  }

  private LaunchException notFound(EntryPoint entry, Throwable why) {
    return new LaunchException(
        "node %s cannot start %s: %s"
            .formatted(
                location.name(),
                entry,
                why instanceof ClassNotFoundException
                    ? why.getMessage()
                    : "a class that it needs is missing on this node's class path, or does not fit: " + why),
        why);
  }

  /** Starts a place for a creator in this JVM, in a thread of this JVM. */
  PlaceHandle<?, ?> start(Spawn spawn, EntryPoint entry, Object... arguments) {
    ResolvedBody known = find(entry);
    known.checkArguments(arguments);
    spawn.streams().requireOpen();
    PlaceStreams.install();
    boolean isolated = spawn.isolation() == Isolation.CLASS_LOADER;
    ResolvedBody body = isolated ? findIsolated(entry) : known;
    List<Object> given = new ArrayList<>(arguments.length);
    for (int i = 0; i < arguments.length; i++) {
      MessageType<?> type = known.arguments().get(i);
      given.add(
          isolated ? recode(type, arguments[i], body.arguments().get(i)) : copy(type, arguments[i]));
    }
    String name = claimName(spawn, body, entry);
    given.forEach(PlaceHost::sent);
    var place = new CurrentPlace(location, name, spawn.streams());
    Ends ends = isolated ? encoded(known, body, place) : direct(known, place);
    Spawn asRegistered = registered(spawn, body);
    return run(asRegistered, place, body, ends, given);
  }

  /** The two ends of a new place's channel. */
  private record Ends(ChannelEnd<?, ?> ofBody, ChannelEnd<?, ?> ofCreator) {}

  /** What the body talks to. Made a string when an error message needs it. */
  private record Creator(CurrentPlace of) {
    @Override
    public String toString() {
      return "the creator of " + of;
    }
  }

  private Ends direct(ResolvedBody body, CurrentPlace place) {
    var pair =
        LocalChannel.pair(
            body.sends(),
            body.receives(),
            surroundings.clock(),
            new Creator(place),
            place);
    return new Ends((ChannelEnd<?, ?>) pair.first(), (ChannelEnd<?, ?>) pair.second());
  }

  private Ends encoded(ResolvedBody known, ResolvedBody isolated, CurrentPlace place) {
    var ends =
        LocalChannel.pairOfLoaders(
            isolated.sends(),
            isolated.receives(),
            known.receives(),
            known.sends(),
            surroundings.clock(),
            new Creator(place),
            place);
    return new Ends(ends.first(), ends.second());
  }

  private PlaceHandle<?, ?> run(
      Spawn spawn, CurrentPlace self, ResolvedBody body, Ends ends, List<Object> given) {
    var handle =
        new PlaceHandle<>(self.place(), location.name(), ends.ofCreator(), surroundings.clock());
    // What these two capture every place holds, of which there may be a hundred thousand.
    ChannelEnd<?, ?> ofBody = ends.ofBody();
    String claimed = spawn.name();
    Supplier<List<?>> arguments = given.isEmpty() ? List::of : () -> got(given);
    RunningPlace place =
        RunningPlace.of(
            surroundings.clock().nanoTime(),
            spawn.isolation(),
            self,
            body,
            ofBody,
            arguments,
            end -> {
              over(self, claimed, end);
              handle.ended(end);
              ofBody.close();
            });
    handle.control(place);
    list(self, place);
    if (claimed != null) {
      names.open(claimed, ends.ofCreator());
    }
    place.start(surroundings.spawner());
    return handle;
  }

  private static void sent(Object argument) {
    if (argument instanceof Lending lending) {
      lending.sent();
    }
  }

  /** In the thread of the place that has them now. */
  private static List<Object> got(List<Object> arguments) {
    for (Object argument : arguments) {
      if (argument instanceof Lending lending) {
        lending.got();
      }
    }
    return arguments.stream().map(Lending::message).toList();
  }

  /** Before it starts and its creator knows of it: who knows of a place finds it here. */
  private void list(CurrentPlace self, RunningPlace place) {
    running.put(self, place);
    if (closed) {
      place.kill();
    }
  }

  /** Frees the name of a place, and tells those who talk to it by that. */
  private void over(CurrentPlace self, @Nullable String claimed, PlaceEnd end) {
    running.remove(self);
    Names.Named named = claimed == null ? null : names.free(claimed);
    if (named != null) {
      PlacesException why = RunningPlace.closedBecause(self.place(), location.name(), end).get();
      List<ChannelEnd<?, ?>> clients;
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

  /**
   * Starts nothing for other nodes any more, and waits until the places that run, but the
   * calling one, have ended by themselves.
   *
   * @return how many have not within the limit
   */
  int drain(Duration limit) {
    draining = true;
    Map<CurrentPlace, RunningPlace> others = new HashMap<>(running);
    CurrentPlace caller = CurrentPlace.get().orElse(null);
    others.remove(caller);
    long start = surroundings.clock().nanoTime();
    for (RunningPlace place : others.values()) {
      place.awaitEnd(limit.minusNanos(surroundings.clock().nanoTime() - start));
    }
    return running.size();
  }

  /** As {@link #drain}, after telling them to end. */
  void terminate(Duration limit) {
    draining = true;
    running.values().forEach(RunningPlace::terminate);
    drain(limit);
  }

  private ResolvedBody findIsolated(EntryPoint entry) {
    try {
      return ResolvedBody.findIsolated(entry, allowed);
    } catch (ClassNotFoundException | LinkageError | TypeNotPresentException e) {
      throw notFound(entry, e);
    }
  }

  /** The same value in the place's own classes. */
  private static <T> Object recode(MessageType<T> from, Object argument, MessageType<?> to) {
    Encoded encoded = Encoded.inThisJvm(from, from.cast(argument));
    List<ChannelEnd<?, ?>> ends = Lending.ends(encoded);
    Object same = encoded.decode(to);
    return ends.isEmpty() ? same : new Lending(same, ends);
  }

  /** Starts a place for a creator on another node, or tells it why not. */
  void start(Peer creator, StartPlace request) {
    Control answer;
    Runnable run = () -> {};
    @Nullable String claimed = null;
    try {
      if (draining) {
        throw new LaunchException("node %s is being closed".formatted(location.name()));
      }
      PlaceStreams.install(); // this node may be one of a program that started no place itself
      var entry = new EntryPoint(request.getClassName(), request.getMethodName());
      Spawn spawn = spawn(request);
      Isolation isolation = isolation(request);
      ResolvedBody body =
          isolation == Isolation.CLASS_LOADER ? findIsolated(entry) : find(entry);
      checkTypes(entry, body, request);
      String name = claimName(spawn, body, entry);
      Spawn asRegistered = registered(spawn, body).isolation(isolation);
      claimed = asRegistered.name();
      run = prepare(creator, request, asRegistered, name, body);
      answer =
          Control.newBuilder()
              .setPlaceStarted(
                  PlaceStarted.newBuilder().setChannel(request.getChannel()).setPlace(name))
              .build();
    } catch (RuntimeException | LinkageError | StackOverflowError | OutOfMemoryError e) {
      // Whatever it is: the creator waits for an answer.
      creator.unhost(request.getChannel());
      if (claimed != null) {
        names.free(claimed);
      }
      boolean isForReaders = e instanceof PlacesException || e instanceof IllegalArgumentException;
      String reason = isForReaders && e.getMessage() != null ? e.getMessage() : e.toString();
      answer =
          Control.newBuilder()
              .setPlaceRefused(
                  PlaceRefused.newBuilder()
                      .setChannel(request.getChannel())
                      .setWhy(
                          e instanceof PlaceAlreadyExistsException
                              ? PlaceRefused.Why.NAME_TAKEN
                              : PlaceRefused.Why.OTHER)
                      .setReason(Failures.cut(reason, 4_000)))
              .build();
    }
    creator.connection().control(answer);
    try {
      run.run();
    } catch (LaunchException e) {
      // Its creator was told that it has ended, and why.
    }
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
    String title = "the creator, on node %s, of place %s".formatted(creator.name(), name);
    ChannelEnd<S, R> channel =
        RemoteLink.open(
            creator, lane, lane, sends, receives, surroundings.clock(), title);
    ChannelEnd<byte[], byte[]> output =
        RemoteLink.open(
            creator,
            request.getOutput(),
            lane,
            MessageType.of(byte[].class),
            MessageType.of(byte[].class),
            surroundings.clock(),
            "the streams of " + title);
    var out = new PlaceOutput(output, PlaceOutput.OUT);
    var err = new PlaceOutput(output, PlaceOutput.ERR);
    Ends ofClients = spawn.name() == null ? null : clientsEnds(name, body);
    ChannelEnd<?, ?> ofBody = ofClients == null ? channel : ofClients.ofBody();
    PlaceInput in = request.getInput() ? new PlaceInput(output) : null;
    var self = new CurrentPlace(location, name, new CurrentPlace.Streams(in, out, err));
    Hosted hosted = creator.host(lane); // before the creator is told that there is a place
    RunningPlace place =
        RunningPlace.of(
            surroundings.clock().nanoTime(),
            spawn.isolation(),
            self,
            body,
            ofBody,
            () -> arguments(channel, body),
            end -> {
              closeQuietly(out);
              closeQuietly(err);
              over(self, spawn.name(), end);
              tellEnd(creator, request, end);
              ofBody.close(); // after the end was told: it says more than "closed"
            });
    list(self, place);
    if (ofClients != null) {
      names.open(name, ofClients.ofCreator());
    }
    return () -> {
      place.start(surroundings.spawner());
      hosted.started(place);
    };
  }

  private static Spawn spawn(StartPlace request) {
    if (request.getEpoch() > 0) {
      return Spawn.supervised(request.getName(), request.getEpoch());
    }
    return request.getName().isEmpty() ? Spawn.anonymous() : Spawn.named(request.getName());
  }

  /** The name of a supervised place is for messages only if its body takes no clients. */
  private static Spawn registered(Spawn spawn, ResolvedBody body) {
    return spawn.epoch() > 0 && !body.takesClients() ? spawn.anonymously() : spawn;
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

  /** A named place talks to its clients only; both its end to them and their door are within this JVM. */
  private Ends clientsEnds(String name, ResolvedBody body) {
    String title = "place %s on node %s".formatted(name, location.name());
    var pair =
        LocalChannel.pair(
            body.sends(), body.receives(), surroundings.clock(), "the node of " + title, title);
    return new Ends((ChannelEnd<?, ?>) pair.first(), (ChannelEnd<?, ?>) pair.second());
  }

  private static List<Object> arguments(ChannelEnd<?, ?> channel, ResolvedBody body) {
    List<Object> arguments = new ArrayList<>();
    for (MessageType<?> type : body.arguments()) {
      arguments.add(channel.getArgument(type));
    }
    return arguments;
  }

  private static void tellEnd(Peer creator, StartPlace request, PlaceEnd end) {
    creator.remove(request.getChannel());
    creator.remove(request.getOutput());
    creator.unhost(request.getChannel());
    var message =
        PlaceEnded.newBuilder()
            .setChannel(request.getChannel())
            .setExitCode(end.exitCode())
            .setKilled(end.reason() == PlaceDeath.Reason.KILLED);
    if (end.failure() != null) {
      message.setFailure(Failures.toWire(end.failure()));
    }
    creator
        .connection()
        .control(request.getChannel(), Control.newBuilder().setPlaceEnded(message).build());
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
      if (spawn.epoch() > 0) {
        return name;
      }
      throw new IllegalArgumentException(
          "%s cannot be a named place: its channel must be a PlaceChannel<Void, PlaceChannel<…, …>>, over which it receives the ends of its clients' channels"
              .formatted(entry));
    }
    names.claim(name, (ChannelEndType<?, ?>) body.receives(), spawn.epoch());
    return name;
  }

  /** Opens a channel to a named place for a client in this JVM. */
  <S, R> NamedChannel<S, R> open(
      String name, MessageType<S> sends, MessageType<R> receives, long nanos)
      throws InterruptedException {
    Names.Named place = names.await(name, nanos, () -> true);
    checkTypes(place, receives.name(), sends.name());
    String title = "place %s on node %s".formatted(name, location.name());
    PlaceChannel.Pair<R, S> pair =
        LocalChannel.pair(
            receives, sends, surroundings.clock(), "a client of " + title, title);
    names.enter(place, pair.first());
    return new NamedChannel<>(name, place.epoch(), pair.second());
  }

  /**
   * Opens a channel to a named place for a client on another node, or tells it why not. Waits for the place
   * as long as the client asks for.
   */
  void open(Peer client, OpenNamed request) {
    Control answer;
    try {
      Names.Named place = await(client, request);
      checkTypes(place, request.getSends(), request.getReceives());
      ChannelEnd<?, ?> end =
          RemoteLink.open(
              client,
              request.getChannel(),
              request.getChannel(),
              place.type().sends(),
              place.type().receives(),
              surroundings.clock(),
              "a client, on node %s, of place %s".formatted(client.name(), request.getName()));
      names.enter(place, end);
      answer =
          Control.newBuilder()
              .setNamedOpened(NamedOpened.newBuilder()
                      .setChannel(request.getChannel())
                      .setEpoch(place.epoch()))
              .build();
    } catch (PlacesException | IllegalArgumentException | InterruptedException e) {
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

  /** No longer than the client is there. */
  private Names.Named await(Peer client, OpenNamed request) throws InterruptedException {
    long millis = Math.clamp(request.getWaitMillis(), 0, MAX_WAIT.toMillis());
    if (millis == 0) {
      return names.await(request.getName(), 0, () -> true);
    }
    client.waits();
    try {
      return names.await(
          request.getName(), TimeUnit.MILLISECONDS.toNanos(millis), () -> !client.isLost());
    } finally {
      client.waitsNoMore();
    }
  }

  private void checkTypes(Names.Named place, String sends, String receives) {
    if (!place.type().sends().name().equals(sends)
        || !place.type().receives().name().equals(receives)) {
      throw new IllegalArgumentException(
          "place '%s' on node %s sends %s and receives %s, not %s and %s"
              .formatted(
                  place.name(),
                  location.name(),
                  place.type().sends().name(),
                  place.type().receives().name(),
                  sends,
                  receives));
    }
  }

  /** As it is on its way to a place of this JVM. */
  private static <T> Object copy(MessageType<T> type, Object argument) {
    return Lending.copy(type, type.check(argument));
  }
}
