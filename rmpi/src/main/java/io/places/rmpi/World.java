package io.places.rmpi;

import io.places.Clock;
import io.places.PlacesException;
import io.places.Spawner;
import io.places.Surroundings;
import io.places.event.Patience;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What one rank has of the job: its engine, and a link to each rank. */
final class World {
  /** One for its messages, one for its collective operations. */
  private static final int CONTEXTS_A_COMMUNICATOR = 2;

  /** Told at the end with their last calls: that of all ranks, and the newest. */
  private static final int MOST_LOGS = 64;

  private final Surroundings surroundings;
  private final @Nullable Tally tally;
  private final int rank;
  private final Link[] links;
  private final Engine engine = new Engine();
  private final Patience patience = new Patience();
  private final Set<Blocked> blocked = ConcurrentHashMap.newKeySet();
  private final AtomicReference<@Nullable Harm> failure = new AtomicReference<>();
  private final Set<Integer> ended = ConcurrentHashMap.newKeySet();
  private final Set<CallLog> logs = ConcurrentHashMap.newKeySet();
  private long shares; // of communicators that are over; guarded by this
  private volatile boolean someHaveEnded; // set behind the set
  private int nextTurn = 1; // guarded by this
  private final Thread main = Thread.currentThread();
  private final Progress progress;
  private volatile List<RemoteLink> remote = List.of();
  private volatile @Nullable Ending ending;

  /** What the job has failed by; from elsewhere if another rank has failed, or is lost. */
  private record Harm(Supplier<? extends PlacesException> why, boolean isFromElsewhere) {}

  /**
   * The program has returned, and what it has sent is not taken yet.
   *
   * @param peer who is to take it
   */
  private record Ending(int peer, long since) {
    RankNews.Wait describe(long now) {
      return new RankNews.Wait(
          false,
          "its end, as rank %d has not taken all that was sent to it".formatted(peer),
          since,
          List.of(peer),
          false,
          Duration.ofNanos(now - since),
          List.of());
    }
  }

  /** To be made by the thread that runs the program. */
  World(Surroundings surroundings, int rank, int size, boolean stats) {
    this.surroundings = surroundings;
    boolean isTraced = CallTrace.isWanted();
    this.tally = stats || isTraced ? new Tally(surroundings.clock(), rank, isTraced) : null;
    this.rank = rank;
    this.progress = new Progress(surroundings.clock());
    this.links = new Link[size];
    links[rank] = new LocalLink(rank, this);
  }

  int rank() {
    return rank;
  }

  int size() {
    return links.length;
  }

  Engine engine() {
    return engine;
  }

  /** Of the calls of this rank, if they are counted or recorded. */
  @Nullable Tally tally() {
    return tally;
  }

  Patience patience() {
    return patience;
  }

  Progress progress() {
    return progress;
  }

  RandomGenerator random() {
    return surroundings.random();
  }

  Clock clock() {
    return surroundings.clock();
  }

  Spawner spawner() {
    return surroundings.spawner();
  }

  /** To be called for each other rank, before the program begins. */
  void linkTo(int peer, Link link) {
    links[peer] = link;
  }

  /**
   * To be called when all links are there.
   *
   * @param all those to ranks in other JVMs
   */
  void remoteLinks(List<RemoteLink> all) {
    remote = List.copyOf(all);
    List<Polled> polled = all.stream().filter(Polled.class::isInstance).map(Polled.class::cast).toList();
    int here = links.length - all.size() + (int) all.stream().filter(RemoteLink::isOnThisHost).count();
    progress.links(polled, here);
    remote.forEach(RemoteLink::start);
  }

  Link link(int peer) {
    return links[peer];
  }

  void blocks(Blocked thread) {
    blocked.add(thread);
  }

  void unblocks(Blocked thread) {
    blocked.remove(thread);
  }

  /** What this rank waits for. */
  RankNews.State state() {
    long now = clock().nanoTime();
    List<Blocked> all = List.copyOf(blocked);
    List<RankNews.Wait> waits = new ArrayList<>();
    for (Blocked each : all) {
      if (!each.isOver()) {
        waits.add(each.describe(now, each.thread().equals(main), ended));
      }
    }
    Ending atTheEnd = ending;
    if (atTheEnd != null) {
      waits.add(atTheEnd.describe(now));
    }
    List<RankNews.Traffic> traffic = new ArrayList<>();
    for (RemoteLink link : remote) {
      traffic.add(link.traffic());
    }
    return new RankNews.State(waits, traffic, calls());
  }

  /** A context that no rank has got before, nor the one after it: of each number it is known which rank gives it. */
  synchronized int newContext() {
    long context = CONTEXTS_A_COMMUNICATOR * ((long) nextTurn * size() + rank);
    if (context > Integer.MAX_VALUE - CONTEXTS_A_COMMUNICATOR) {
      throw new RmpiException(
          "rank %d can number no more communicators, after %d of a job of %d ranks".formatted(rank, nextTurn, size()));
    }
    nextTurn++;
    return (int) context;
  }

  /** What is made later has a higher number. */
  synchronized void usesContext(int context) {
    nextTurn = Math.max(nextTurn, context / CONTEXTS_A_COMMUNICATOR / size() + 1);
  }

  /** Of a communicator that is there now. */
  void begins(CallLog log) {
    logs.add(log);
  }

  /** The communicator is over. */
  synchronized void ends(CallLog log) {
    if (logs.remove(log)) {
      shares += log.share();
    }
  }

  /** What this rank has called with others. */
  synchronized RankNews.Calls calls() {
    long sum = shares;
    for (CallLog log : logs) {
      sum += log.share();
    }
    List<RankNews.Log> some =
        logs.stream()
            .sorted(Comparator.comparingInt(log -> log.context() == 0 ? Integer.MIN_VALUE : -log.context()))
            .limit(MOST_LOGS)
            .map(CallLog::news)
            .toList();
    return new RankNews.Calls(sum, some);
  }

  /** Throws if the job has failed. */
  void requireUnharmed() {
    Harm harm = failure.get();
    if (harm != null) {
      throw thrown(harm.why());
    }
  }

  boolean hasFailed() {
    return failure.get() != null;
  }

  /** Whether it has failed, and not by this rank. */
  boolean hasFailedElsewhere() {
    Harm harm = failure.get();
    return harm != null && harm.isFromElsewhere();
  }

  /** Why the job has failed. */
  Supplier<? extends PlacesException> failure() {
    Harm harm = failure.get();
    return harm != null ? harm.why() : () -> new RmpiException("rank %d cannot go on".formatted(rank));
  }

  /** An exception with the stack of the thread that meets it, also if it was made by another. */
  PlacesException thrown(Supplier<? extends PlacesException> why) {
    PlacesException exception = why.get();
    exception.fillInStackTrace();
    return exception;
  }

  /**
   * The job fails, here and for all. If it has failed before, the others are told of that: this rank ends now, and
   * who hears of its end first would take that for the reason.
   */
  void fail(PlacesException why) {
    Link.Failure told = told(why);
    failWith(new Harm(told::exception, false));
    Link.Failure first = told(failure().get());
    for (int peer = 0; peer < links.length; peer++) {
      if (peer != rank && links[peer] != null) {
        links[peer].sendFailure(first);
      }
    }
  }

  private static Link.Failure told(PlacesException why) {
    Link.Failure.Kind kind =
        switch (why) {
          case CollectiveMismatchException mismatch -> Link.Failure.Kind.COLLECTIVE_MISMATCH;
          case DeadlockException deadlock -> Link.Failure.Kind.DEADLOCK;
          default -> Link.Failure.Kind.RANK_FAILED;
        };
    return new Link.Failure(kind, String.valueOf(why.getMessage()));
  }

  /** Another rank has told that the job has failed. */
  void failedElsewhere(Link.Failure told) {
    failWith(new Harm(told::exception, true));
  }

  private void failWith(Harm harm) {
    if (failure.compareAndSet(null, harm)) {
      engine.fail(harm.why());
      remote.forEach(link -> link.fail(harm.why()));
      progress.wake();
    }
  }

  /** Why a message to a rank that has ended cannot be sent. */
  Supplier<RankFailedException> endedSend(int peer) {
    return () ->
        RankFailedException.ofEnd(
            "rank %d has ended without receiving what was sent to it".formatted(peer));
  }

  /** Whether a rank may receive something still: one that has ended does not. Throws if the job has failed. */
  boolean isRunning(int peer) {
    requireUnharmed();
    return !someHaveEnded || !ended.contains(peer);
  }

  /** A rank has ended in order. */
  void peerEnded(int peer) {
    ended.add(peer);
    someHaveEnded = true;
    engine.ended(
        peer,
        () ->
            RankFailedException.ofEnd(
                "rank %d has ended, and rank %d waits for a message from it".formatted(peer, rank)));
  }

  /** What is thrown where something that was to go to a rank cannot be sent, such as memory that is free by now. */
  RmpiException cannotSend(int peer, Throwable why) {
    return new RmpiException("rank %d cannot send to rank %d: %s".formatted(rank, peer, why), why);
  }

  /** The connection to a rank has ended before the rank did. */
  void peerLost(int peer, @Nullable PlacesException why) {
    failWith(
        new Harm(
            () ->
                new RankFailedException(
                    "rank %d is lost%s; no further operation of the job succeeds"
                        .formatted(peer, why == null ? "" : ": " + why.getMessage()),
                    why),
            true));
  }

  /**
   * The program of this rank has returned: what it has sent still arrives. That takes as long as another computes, and takes
   * none of it; meanwhile {@link #state} tells for which one this rank waits.
   */
  void end() {
    engine.close(endedSend(rank)); // who still sends to this rank
    for (int peer = 0; peer < links.length; peer++) {
      if (peer != rank) {
        links[peer].sendEnd();
      }
    }
    for (RemoteLink link : remote) { // when all are told
      ending = new Ending(link.traffic().peer(), clock().nanoTime());
      link.awaitEnd();
    }
    ending = null;
  }

  /** The program of this rank is over, well or not: nothing that it has left open is done any more. */
  void over() {
    Supplier<RankFailedException> why =
        () -> RankFailedException.ofEnd("rank %d has ended without waiting for this".formatted(rank));
    remote.forEach(link -> link.fail(why));
    progress.close();
    remote.forEach(RemoteLink::over);
  }

  void close() {
    remote.forEach(RemoteLink::close);
  }
}
