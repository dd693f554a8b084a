package io.places.node;

import io.places.ChannelClosedException;
import io.places.Clock;
import io.places.GetTimeoutException;
import io.places.InterruptKind;
import io.places.NodeLostException;
import io.places.PlaceFailedException;
import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.Seconds;
import io.places.Surroundings;
import io.places.channel.Timeouts;
import io.places.wire.Connection;
import io.places.wire.PeerText;
import io.places.wire.Wire;
import io.places.wire.proto.ChannelClosed;
import io.places.wire.proto.Control;
import io.places.wire.proto.Hello;
import io.places.wire.proto.Retire;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/*
 * One connection's tables: its channels, the places started over it, the requests without an answer yet.
 * When the connection is over all of them fail with the same reason, and whatever is entered afterwards
 * fails at once.
 */
/** What this node shares with one connected node. Safe for use by many threads. */
final class Peer {
  /** A node answers a request when it has loaded a class; a busy machine takes seconds for that. */
  private static final Duration ANSWER_LIMIT = Duration.ofSeconds(30);

  /** More channels than any sensible program holds open to one node; each costs a few hundred bytes. */
  private static final int MAX_CHANNELS = 4_096;

  /** More than are opened or closed while word of it is under way: so much the two sides may differ. */
  private static final int CROSSING = 1_024;

  /** References are cleared by one collection and acted upon after it. */
  private static final int COLLECTIONS = 2;

  private static final Duration COLLECTION_LIMIT = Duration.ofSeconds(1);

  private static final Duration RETIRE_CHECK = Duration.ofMillis(20);
  private static final Duration CLOSE_LIMIT = Duration.ofSeconds(2);

  /** More than it takes to find out, by ssh, too; whoever told us how may be a user's launcher that never answers. */
  private static final Duration FATE_LIMIT = Duration.ofSeconds(15);

  private final Connection connection;
  private final AtomicLong nextChannel;
  private final Map<Long, RemoteLink> channels = new ConcurrentHashMap<>();
  private final Map<Long, Arrival> arrivals = new ConcurrentHashMap<>();
  private final Map<Long, Luggage.At> departed = new ConcurrentHashMap<>();
  private final Moves moves;
  private final Map<Long, RemotePlace<?, ?>> places = new ConcurrentHashMap<>();
  private final Map<Long, Hosted> hosted = new ConcurrentHashMap<>();
  private final Map<Long, CompletableFuture<Control>> answers = new ConcurrentHashMap<>();
  private final CompletableFuture<Supplier<PlacesException>> end = new CompletableFuture<>();
  private final CompletableFuture<String> greeted = new CompletableFuture<>();
  private volatile String name = "";
  private volatile String description = "";
  private volatile @Nullable NodeAt at; // from its introduction on
  private volatile @Nullable Supplier<String> fate; // written under this; null: nothing is known of its process
  private volatile @Nullable CompletableFuture<String> clause; // what that answers, from the loss on
  private volatile UnaryOperator<InetSocketAddress> seenFromThere = UnaryOperator.identity();
  private volatile @Nullable Supplier<PlacesException> lost;
  private volatile @Nullable Peer successor; // serves instead of this one
  private volatile boolean retiredThere;
  private final AtomicInteger users = new AtomicInteger();
  private final AtomicInteger waiting = new AtomicInteger(); // there, for names here
  private final ConnectionWindow window;
  private final Surroundings surroundings;

  /** Not volatile, since it is looked at for each message: who knows the peer by its introduction sees what that said. */
  private int largestMessage;

  Peer(Connection connection, Moves moves, Surroundings surroundings) {
    this.window = new ConnectionWindow(surroundings.clock());
    this.surroundings = surroundings;
    this.moves = moves;
    this.connection = connection;
    this.largestMessage = connection.largestMessage();
    this.nextChannel = new AtomicLong(connection.isConnector() ? 1 : 2);
    this.name = "at " + connection.remote();
    this.description = "the node at " + connection.remote();
  }

  Moves moves() {
    return moves;
  }

  /** What may still be sent on the connection. */
  ConnectionWindow window() {
    return window;
  }

  Connection connection() {
    return connection;
  }

  /** The most bytes that a message may take for both nodes. */
  int largestMessage() {
    return largestMessage;
  }

  /** The name that the peer gave itself; its address until then. */
  String name() {
    return name;
  }

  /** Completed with the peer's name when it has introduced itself. */
  CompletableFuture<String> greeted() {
    return greeted;
  }

  void introduce(Hello hello) {
    name = PeerText.escape(hello.getNodeName());
    window.announced(hello.getWindow());
    if (hello.getLargestMessage() != 0) { // else it does not say
      largestMessage =
          Math.clamp(
              hello.getLargestMessage(),
              NodeOptions.LEAST_LARGEST_MESSAGE,
              connection.largestMessage());
    }
    description =
        "node %s (process %d, %s)".formatted(name, hello.getProcessId(), connection.remote());
    InetSocketAddress remote = connection.remote();
    at = // what we have reached it by is known to work
        connection.isConnector() || hello.getPort() == 0
            ? new NodeAt(connection.peer(), remote.getAddress().getHostAddress(), remote.getPort())
            : new NodeAt(connection.peer(), hello.getHost(), hello.getPort());
  }

  /** It is introduced, and it is known which connection to it serves. */
  void ready() {
    greeted.complete(name);
  }

  /** Where it listens. */
  NodeAt at() {
    NodeAt known = at;
    if (known == null) {
      throw new NodeLostException(description + " has not introduced itself");
    }
    return known;
  }

  /** Whether this is the connection to whoever listens there. */
  boolean leadsTo(InetSocketAddress address) {
    NodeAt known = at;
    return known != null
        && known.port() == address.getPort()
        && address.getAddress() != null
        && known.host().equals(address.getAddress().getHostAddress());
  }

  /** The connection on which something new is to be opened: this one, if there is no better. */
  Peer serving() {
    Peer better = successor;
    return better == null || better.isLost() ? this : better.serving();
  }

  /** Opens nothing more on this connection, and has it closed when both sides need it no more. */
  void retire(Peer better, Surroundings surroundings) {
    if (successor != null) {
      return;
    }
    successor = better;
    better.fate(fate);
    better.seenFromThere(seenFromThere);
    better.users.addAndGet(users.get());
    connection.control(Control.newBuilder().setRetire(Retire.getDefaultInstance()).build());
    surroundings.spawner().virtual("places-retire", () -> closeWhenUnused(surroundings.clock()));
  }

  void retiredThere() {
    retiredThere = true;
  }

  private void closeWhenUnused(Clock clock) {
    int unused = 0; // looks in a row: something may just be opened by whoever looked before we retired
    while (lost == null && unused < 2) {
      clock.park(this, RETIRE_CHECK.toNanos());
      unused = retiredThere && isUnused() ? unused + 1 : 0;
    }
    connection.close(CLOSE_LIMIT);
  }

  private boolean isUnused() {
    return openChannels() == 0 && places.isEmpty() && hosted.isEmpty() && answers.isEmpty();
  }

  /** One more needs the connection; see {@link #release}. */
  void use() {
    users.incrementAndGet();
  }

  /** One needs the connection no more. */
  void release() {
    users.decrementAndGet();
    leaveIfUnused();
  }

  /**
   * Leaves the peer if nobody has asked for the connection. It is not closed while an end needs it that came
   * by itself. A connection that the peer has opened is the peer's to close: it may use it, or be our owner.
   */
  void leaveIfUnused() {
    if (users.get() > 0) {
      return;
    }
    if (!connection.isConnector()) {
      endWhatWeOpened();
    } else if (channels.values().stream().noneMatch(RemoteLink::isOfMovedEnd)) {
      leave();
    }
  }

  /** Returns when the end of the connection is known here, too: the peer may just be closing it itself. */
  private void leave() {
    connection.close(CLOSE_LIMIT);
    if (!isLost()) { // else this may be called by one who has just heard of it, for whom others wait
      awaitLoss(CLOSE_LIMIT);
    }
  }

  /** As if the connection were over, for what users of this side have opened on it. */
  private void endWhatWeOpened() {
    Supplier<PlacesException> why =
        () -> new NodeLostException(description + " was left: the connection to it was closed here");
    for (long channel : List.copyOf(places.keySet())) {
      RemotePlace<?, ?> place = removePlace(channel);
      if (place != null) {
        place.hangUp();
        place.lost(why, false);
      }
    }
    for (RemoteLink link : links()) {
      if (isOurs(link.id()) && !link.isOfMovedEnd()) {
        closeChannel(link, null);
        link.closedByPeer(why);
      }
    }
  }

  private boolean isOurs(long channel) {
    return channel % 2 == (connection.isConnector() ? 1 : 0);
  }

  /** Adds what became of the peer's process to the message of its loss; to find that out may take seconds. */
  synchronized void fate(@Nullable Supplier<String> told) {
    fate = told;
    if (lost != null) {
      askForFate();
    }
  }

  private synchronized void askForFate() {
    Supplier<String> asked = fate;
    if (asked != null) {
      var answer = new CompletableFuture<String>();
      clause = answer;
      try {
        surroundings
            .spawner()
            .platform("places-fate", () -> tell(asked, answer)); // virtual ones may have no processor for long
      } catch (OutOfMemoryError e) { // so the JDK says that there is no thread
        answer.complete("");
      }
    }
  }

  private static void tell(Supplier<String> asked, CompletableFuture<String> answer) {
    String told = "";
    try {
      told = asked.get();
    } finally {
      answer.complete(told);
    }
  }

  /** The threads without which nothing comes or goes do not wait for it. */
  private String clause() {
    CompletableFuture<String> asked = clause;
    if (asked == null) {
      return "";
    }
    try {
      return Wire.needs(Thread.currentThread()) ? asked.getNow("") : asked.get(FATE_LIMIT.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      asked.complete(""); // nobody else waits so long
      return asked.getNow("");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    } catch (ExecutionException e) {
      throw new AssertionError("the fate of a process cannot fail", e);
    }
  }

  /** Sets how its machine reaches what this one reaches at an address. */
  void seenFromThere(UnaryOperator<InetSocketAddress> way) {
    seenFromThere = way;
  }

  /**
   * Where it finds a third node; a way there is made if there is none.
   *
   * @throws io.places.LaunchException if none can be made
   */
  NodeAt seenFromThere(NodeAt other) {
    try {
      InetSocketAddress address = seenFromThere.apply(other.address());
      return new NodeAt(
          other.identity(), address.getAddress().getHostAddress(), address.getPort());
    } catch (UnknownHostException | IllegalArgumentException e) {
      return other; // whoever connects there says what is wrong with it
    }
  }

  /** An id for a channel that this side opens: its parity says who chose it. */
  long newChannelId() {
    return nextChannel.getAndAdd(2);
  }

  void register(RemoteLink link) {
    requireRoom(MAX_CHANNELS + CROSSING);
    channels.put(link.id(), link);
    failIfLost(link::closedByPeer);
  }

  /**
   * Makes sure that this side may open another channel. May wait: ends that nobody can use any more count
   * until they are collected, so a collection comes before the refusal.
   */
  void makeRoom(Clock clock) {
    for (int i = 0; i < COLLECTIONS && openChannels() >= MAX_CHANNELS; i++) {
      System.gc();
      awaitFewer(clock);
    }
    requireRoom(MAX_CHANNELS);
  }

  private void awaitFewer(Clock clock) {
    long start = clock.nanoTime();
    while (openChannels() >= MAX_CHANNELS && clock.nanoTime() - start < COLLECTION_LIMIT.toNanos()) {
      clock.park(this, COLLECTION_LIMIT.toNanos() / 100);
    }
  }

  int openChannels() {
    return channels.size() + arrivals.size() + departed.size() + waiting.get();
  }

  /** It waits here for a name: for a channel, which counts from now on. */
  void waits() {
    waiting.incrementAndGet(); // first: many look for room at the same time
    try {
      requireRoom(MAX_CHANNELS + CROSSING + 1); // it counts itself
    } catch (PlacesException e) {
      waitsNoMore();
      throw e;
    }
  }

  void waitsNoMore() {
    waiting.decrementAndGet();
  }

  private void requireRoom(int most) {
    if (openChannels() >= most) {
      throw new PlacesException(
          "%s has %d open channels with this node, the most there may be (a place takes two); end or close some"
              .formatted(description, openChannels()));
    }
  }

  /** An end that comes, by the channel on which its messages do. */
  void register(long channel, Arrival arrival) {
    requireRoom(MAX_CHANNELS + CROSSING);
    arrivals.put(channel, arrival);
  }

  @Nullable Arrival arrival(long channel) {
    return arrivals.get(channel);
  }

  void removeArrival(long channel) {
    arrivals.remove(channel);
  }

  /** An end is on its way there; its peer awaits it. */
  void departed(long channel, Luggage.At other) {
    departed.put(channel, other);
    failIfLost(reason -> settled(channel, reason.get()));
  }

  /** An end has reached its place there, or not. */
  void settled(long channel, @Nullable PlacesException failure) {
    Luggage.At other = departed.remove(channel);
    if (other != null && failure != null) {
      moves.failed(other, failure);
    }
  }

  void register(long channel, RemotePlace<?, ?> place) {
    places.put(channel, place);
    failIfLost(reason -> place.lost(reason, false));
  }

  /** Waits up to a limit for the last words of the places that were started there. */
  void awaitPlaces(Duration limit, Clock clock) {
    long most = Timeouts.nanos(limit);
    long start = clock.nanoTime();
    for (RemotePlace<?, ?> place : List.copyOf(places.values())) {
      long left = Math.max(0, most - (clock.nanoTime() - start));
      try {
        place.handle().join(Duration.ofNanos(left));
      } catch (GetTimeoutException e) {
        // it runs on, and is about to be ended
      }
    }
  }

  /** A place that runs here for the peer. */
  Hosted host(long channel) {
    var place = new Hosted();
    hosted.put(channel, place);
    failIfLost(reason -> place.tell(running -> running.interrupt(InterruptKind.HANG_UP)));
    return place;
  }

  @Nullable Hosted hosted(long channel) {
    return hosted.get(channel);
  }

  void unhost(long channel) {
    hosted.remove(channel);
  }

  /** Those of all channels that are open. */
  List<RemoteLink> links() {
    return List.copyOf(channels.values());
  }

  @Nullable RemoteLink channel(long id) {
    return channels.get(id);
  }

  @Nullable RemoteLink remove(long id) {
    return channels.remove(id);
  }

  /** Nothing comes or goes on a channel any more; its end will hear why. */
  void forget(long id) {
    RemoteLink link = channels.remove(id);
    if (link != null) {
      link.pausing().complete(Moves.Answer.over());
    }
  }

  @Nullable RemotePlace<?, ?> removePlace(long channel) {
    return places.remove(channel);
  }

  /** Sends a request about a channel and waits for its answer. */
  Control ask(long channel, Control request) {
    return ask(channel, request, Duration.ZERO);
  }

  /**
   * As {@link #ask(long, Control)}.
   *
   * @param waiting what the request itself lets the peer wait
   */
  Control ask(long channel, Control request, Duration waiting) {
    Duration most = Duration.ofNanos(Timeouts.nanos(waiting)); // to which something can be added
    return askWithin(channel, request, ANSWER_LIMIT.plus(most));
  }

  /** As {@link #ask(long, Control)}, for a request that does not wait for anything there. */
  Control askWithin(long channel, Control request, Duration limit) {
    var answer = new CompletableFuture<Control>();
    answers.put(channel, answer);
    failIfLost(reason -> answer.completeExceptionally(reason.get()));
    connection.control(request);
    try {
      return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      Supplier<PlacesException> reason = lost;
      throw reason == null ? new PlacesException("the request failed", e) : reason.get();
    } catch (TimeoutException e) {
      return cameOr(
          answer,
          new NodeLostException(
              "%s did not answer a request within %s; unknown whether it was carried out"
                  .formatted(description, Seconds.of(limit))));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return cameOr(
          answer,
          new PlaceInterruptedException(
              "interrupted while waiting for an answer from " + description, e));
    } finally {
      answers.remove(channel);
    }
  }

  /** Nobody waits any more, unless the answer has just come: then whoever asked has to have it. */
  private static Control cameOr(CompletableFuture<Control> answer, PlacesException failure) {
    if (answer.completeExceptionally(failure) || answer.isCompletedExceptionally()) {
      throw failure;
    }
    return answer.join();
  }

  /** An answer has come; returns whether somebody waits for it, who has it then. */
  boolean answer(long channel, Control answer) {
    CompletableFuture<Control> waiting = answers.get(channel);
    return waiting != null && waiting.complete(answer);
  }

  /** Our holder has closed an end. */
  void closeChannel(RemoteLink channel, @Nullable PlacesException cause) {
    if (channels.remove(channel.id()) == null) {
      return; // the peer knows, or is gone
    }
    var closed = ChannelClosed.newBuilder().setChannel(channel.id());
    if (cause instanceof PlaceFailedException failure) {
      closed.setFailure(Failures.toWire(failure));
    } else if (cause != null && !(cause instanceof ChannelClosedException end && end.isOrderly())) {
      closed.setReason(Failures.cut(String.valueOf(cause.getMessage()), 4_000));
      if (cause.getCause() instanceof PlaceFailedException failure) {
        closed.setFailure(Failures.toWire(failure));
      }
    }
    connection.control(channel.lane(), Control.newBuilder().setChannelClosed(closed).build());
  }

  /** The connection is over. */
  void lost(String reason, boolean mayStillRun) {
    Supplier<PlacesException> why =
        () -> {
          String ended = mayStillRun ? "" : clause();
          return new NodeLostException(
              "%s was lost: the connection %s%s; unknown whether what was under way there was done"
                  .formatted(description, reason, ended.isEmpty() ? "" : ", " + ended));
        };
    synchronized (this) {
      if (!mayStillRun) {
        askForFate();
      }
      lost = why;
    }
    // A place's end says more than the loss of its channel.
    places.values().forEach(place -> place.lost(why, mayStillRun));
    places.clear();
    channels.values().forEach(channel -> channel.closedByPeer(why));
    channels.clear();
    arrivals.clear();
    List.copyOf(departed.keySet()).forEach(channel -> settled(channel, why.get()));
    moves.lost(this);
    hosted
        .values()
        .forEach(place -> place.tell(running -> running.interrupt(InterruptKind.HANG_UP)));
    hosted.clear();
    answers.values().forEach(answer -> answer.completeExceptionally(new NodeLostException(reason)));
    greeted.completeExceptionally(new NodeLostException(reason));
    end.complete(why);
  }

  /** Completed with the reason when the connection is over. */
  CompletableFuture<Supplier<PlacesException>> end() {
    return end;
  }

  boolean isLost() {
    return lost != null;
  }

  /**
   * Waits until the end of a connection that is being closed, or whose node was killed, is known here, too. The threads
   * that bring the word do not wait for it.
   */
  void awaitLoss(Duration limit) {
    if (Wire.needs(Thread.currentThread())) {
      return;
    }
    try {
      end.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      // It never fails, and takes no longer unless this process does not get on.
    }
  }

  /** Throws if the connection is over. */
  void requireAlive() {
    Supplier<PlacesException> reason = lost;
    if (reason != null) {
      throw reason.get();
    }
  }

  private void failIfLost(Consumer<Supplier<PlacesException>> entered) {
    Supplier<PlacesException> reason = lost;
    if (reason != null) {
      entered.accept(reason);
    }
  }

  @Override
  public String toString() {
    return description;
  }
}
