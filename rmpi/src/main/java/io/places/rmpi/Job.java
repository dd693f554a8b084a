package io.places.rmpi;

import io.places.ChannelClosedException;
import io.places.Clock;
import io.places.NodeLostException;
import io.places.PlaceFailedException;
import io.places.PlacesException;
import io.places.Seconds;
import io.places.channel.PlaceChannel;
import io.places.event.Event;
import io.places.node.Node;
import io.places.node.RemoteNode;
import io.places.place.CurrentPlace;
import io.places.place.Place;
import io.places.place.PlaceDeath;
import io.places.place.PlaceLocation;
import io.places.place.PlaceStreams;
import io.places.place.Spawn;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A job that runs: its ranks, seen from the launcher. */
final class Job implements AutoCloseable {
  /** For a rank to say what it waits for; the thread that does so does nothing else. */
  private static final Duration INSPECT_LIMIT = Duration.ofSeconds(2);

  /** What the others have to end by themselves when one has failed because of another, of which one wants to hear. */
  private static final Duration GRACE = Duration.ofSeconds(1);

  /** The same if the first of which is heard is the cause: of the rest there is nothing to learn. */
  private static final Duration SHORT_GRACE = Duration.ofMillis(300);

  /**
   * What those have to end that are killed then: who heeds that at all does so at once. With the short grace, and the end
   * of the command itself and its JVMs, less than the 2 s that users are promised.
   */
  private static final Duration KILL_LIMIT = Duration.ofMillis(200);

  /** Exit codes above this are 128 + the number of the signal that ended the process. */
  private static final int SIGNALLED = 128;

  private static final int LAST_SIGNAL = 64;

  private final Clock clock = Clock.system();
  private final JobOptions options;
  private final List<? extends PlaceLocation> locations;
  private final List<Place<RankOrder, RankNews>> ranks = new ArrayList<>();
  private final Set<Integer> running = new TreeSet<>();
  private final Map<Integer, List<RankNews>> lastNews = new TreeMap<>(); // of ranks that are over
  private final Set<Integer> failed = new TreeSet<>();
  private final Map<Integer, OptionalInt> processCodes = new HashMap<>(); // those asked for
  private final List<RankOutput> outputs = new ArrayList<>();

  /**
   * Starts the ranks.
   *
   * @param locations of the ranks, in their order; those of one JVM are the same object
   */
  Job(
      JobOptions options,
      List<? extends PlaceLocation> locations,
      String program,
      List<String> arguments) {
    this.options = options;
    this.locations = locations;
    UUID id = UUID.randomUUID();
    try {
      for (int rank = 0; rank < locations.size(); rank++) {
        RankStart start =
            new RankStart(
                id,
                rank,
                locations.size(),
                options.link(),
                options.startLimit(),
                options.stats(),
                program,
                arguments);
        ranks.add(locations.get(rank).place(streams(rank), RankBody::run, start));
        running.add(rank);
      }
      ranks.forEach(this::awaitNews); // ready
      connect();
      ranks.forEach(this::awaitNews); // linked
      ranks.forEach(rank -> rank.put(new RankOrder.Begin()));
    } catch (NodeLostException | ChannelClosedException | PlaceFailedException e) {
      throw failedAtStart(e);
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private PlacesException failedAtStart(PlacesException thrown) {
    int next = ranks.size();
    if (next < locations.size() && thrown instanceof NodeLostException) {
      close();
      return new JobFailedException(
          "rank %d %s".formatted(next, lost(next)), next, processCode(next).orElse(1), thrown);
    }
    Optional<Ended> dead = running.isEmpty() ? Optional.empty() : Event.sync(GRACE, deaths());
    Ended failed = dead.isPresent() ? failure(dead.get()) : null;
    PlacesException why = failed == null ? thrown : fail(failed);
    close();
    return why;
  }

  /** A rank of this JVM prints by itself what it prints untagged; of any other whole lines come. */
  private Spawn streams(int rank) {
    if (!options.tagged() && locations.get(rank) instanceof Node) {
      return Spawn.anonymous();
    }
    String tag = options.tagged() ? rank + " | " : "";
    CurrentPlace.Streams mine = PlaceStreams.outputs();
    RankOutput out = new RankOutput(tag, Objects.requireNonNull(mine.out()));
    RankOutput err = new RankOutput(tag, Objects.requireNonNull(mine.err()));
    outputs.add(out);
    outputs.add(err);
    return Spawn.anonymous().out(out).err(err);
  }

  private void awaitNews(Place<RankOrder, RankNews> rank) {
    try {
      rank.get(options.startLimit());
    } catch (PlacesException e) {
      throw rank.failure().<PlacesException>map(failure -> failure).orElse(e);
    }
  }

  private void connect() {
    for (int a = 0; a < ranks.size(); a++) {
      for (int b = a + 1; b < ranks.size(); b++) {
        if (!isSameJvm(a, b)) {
          PlaceChannel.Pair<Frame, Frame> ends = PlaceChannel.pair(Frame.class, Frame.class);
          ranks.get(a).put(new RankOrder.Connect(b, ends.first()));
          ranks.get(b).put(new RankOrder.Connect(a, ends.second()));
        }
      }
    }
    for (int rank = 0; rank < ranks.size(); rank++) {
      List<Integer> here = new ArrayList<>();
      for (int other = 0; other < ranks.size(); other++) {
        if (other != rank && isSameJvm(rank, other)) {
          here.add(other);
        }
      }
      ranks.get(rank).put(new RankOrder.Neighbours(here));
    }
  }

  private boolean isSameJvm(int a, int b) {
    return locations.get(a).equals(locations.get(b));
  }

  /**
   * Waits until all ranks are over.
   *
   * @throws JobFailedException if one has failed
   */
  List<Optional<RankNews.Result>> await() {
    long start = clock.nanoTime();
    Duration timeout = options.deadlockTimeout();
    Duration look = timeout.dividedBy(2);
    Snapshot last = new Snapshot(Map.of());
    Optional<LastCalls.Mismatch> lastMismatch = Optional.empty();
    while (!running.isEmpty()) {
      Duration left = options.timeLimit().minusNanos(clock.nanoTime() - start);
      boolean limited = !options.timeLimit().isZero();
      if (limited && (left.isNegative() || left.isZero())) {
        throw overdue();
      }
      Optional<Ended> ended =
          Event.sync(
              Event.choose(
                  deaths().map(Optional::of),
                  look.isZero() ? Event.never() : Event.after(look).map(any -> Optional.empty()),
                  limited ? Event.after(left).map(any -> Optional.empty()) : Event.never()));
      if (ended.isPresent()) {
        Ended failed = failure(ended.get());
        if (failed != null) {
          throw fail(failed);
        }
      } else if (!look.isZero()) {
        Snapshot now = inspect();
        Set<Integer> stuck = now.stuck();
        Optional<LastCalls.Mismatch> mismatch = callsSoFar(now).first();
        Duration waited = now.shortestWait(stuck);
        if (!stuck.isEmpty() && waited.compareTo(timeout) >= 0 && now.isUnchangedSince(last, stuck)) {
          throw deadlock(now, stuck);
        }
        look = nextLook(timeout, waited);
        if (stuck.isEmpty() && mismatch.isPresent() && mismatch.equals(lastMismatch)) {
          throw mismatchedMeanwhile(mismatch.get()); // some wait, and others compute
        }
        last = now;
        lastMismatch = mismatch;
      }
    }
    Optional<LastCalls.Mismatch> mismatch = lastCalls().atTheEnd();
    if (mismatch.isPresent()) {
      throw mismatched(mismatch.get(), "");
    }
    return results();
  }

  /** In half the timeout, or when those that have waited so long will have done so for the whole of it. */
  private static Duration nextLook(Duration timeout, Duration waited) {
    Duration longest = timeout.dividedBy(2);
    Duration left = timeout.minus(waited);
    if (!left.isPositive() || left.compareTo(longest) > 0) {
      return longest;
    }
    Duration shortest = longest.dividedBy(4);
    return left.compareTo(shortest) < 0 ? shortest : left;
  }

  private List<Optional<RankNews.Result>> results() {
    List<List<Tally.Row>> stats = new ArrayList<>();
    List<Optional<RankNews.Result>> results = new ArrayList<>();
    for (List<RankNews> ofRank : lastNews.values()) {
      Optional<RankNews.Result> result = Optional.empty();
      for (RankNews news : ofRank) {
        switch (news) {
          case RankNews.Result given -> result = Optional.of(given);
          case RankNews.Stats(List<Tally.Row> rows) -> stats.add(rows);
          case RankNews.Calls calls -> {}
          default -> throw new RmpiException("a rank has said %s at its end".formatted(news));
        }
      }
      results.add(result);
    }
    if (options.stats()) {
      System.err.print(StatsTable.of(stats));
    }
    return results;
  }

  /** What the ranks that are over have called together. */
  private LastCalls lastCalls() {
    return new LastCalls(callsOfEnded(), failed);
  }

  /** With those that run: what a call that they have come to is, is known, and not what follows. */
  private LastCalls callsSoFar(Snapshot now) {
    Map<Integer, RankNews.Calls> calls = callsOfEnded();
    now.states().forEach((rank, state) -> calls.put(rank, state.calls()));
    Set<Integer> unfinished = new TreeSet<>(failed);
    unfinished.addAll(now.states().keySet());
    return new LastCalls(calls, unfinished);
  }

  private Map<Integer, RankNews.Calls> callsOfEnded() {
    Map<Integer, RankNews.Calls> calls = new HashMap<>();
    lastNews.forEach(
        (rank, all) ->
            all.forEach(
                news -> {
                  if (news instanceof RankNews.Calls its) {
                    calls.put(rank, its);
                  }
                }));
    return calls;
  }

  private JobFailedException mismatchedMeanwhile(LastCalls.Mismatch mismatch) {
    tellAll(new Link.Failure(Link.Failure.Kind.COLLECTIVE_MISMATCH, mismatch.text()));
    awaitOthers(GRACE);
    return mismatched(mismatch, "");
  }

  private static JobFailedException mismatched(LastCalls.Mismatch mismatch, String andSo) {
    return new JobFailedException(
        mismatch.text() + andSo, mismatch.rank(), 1, mismatch.exception());
  }

  /** What a rank that is over has said and nobody has heard yet. */
  private static List<RankNews> unheard(Place<RankOrder, RankNews> rank) {
    List<RankNews> all = new ArrayList<>();
    try {
      for (Optional<RankNews> next = rank.poll(); next.isPresent(); next = rank.poll()) {
        all.add(next.get());
      }
    } catch (PlacesException e) {
      // That was all: it has ended, or is lost.
    }
    return all;
  }

  private Snapshot inspect() {
    Map<Integer, RankNews.State> states = new HashMap<>();
    for (int rank : running) {
      try {
        states.put(
            rank, (RankNews.State) ranks.get(rank).ask(new RankOrder.Inspect(), INSPECT_LIMIT));
      } catch (PlacesException e) {
        // It ends, or is busy: then it is not stuck.
        states.put(rank, RankNews.State.UNKNOWN);
      }
    }
    return new Snapshot(states);
  }

  private JobFailedException deadlock(Snapshot now, Set<Integer> stuck) {
    String text = "deadlock: " + who(now, stuck) + now.describe(stuck);
    String andSo = System.lineSeparator() + text;
    Optional<LastCalls.Mismatch> why = callsSoFar(now).first();
    tellAll(
        why.map(mismatch -> new Link.Failure(Link.Failure.Kind.COLLECTIVE_MISMATCH, mismatch.text() + andSo))
            .orElseGet(() -> new Link.Failure(Link.Failure.Kind.DEADLOCK, text)));
    awaitOthers(GRACE);
    why = why.or(() -> lastCalls().first());
    if (why.isPresent()) {
      return mismatched(why.get(), andSo);
    }
    return new JobFailedException(text, stuck.iterator().next(), 1, new DeadlockException(text));
  }

  private static String who(Snapshot now, Set<Integer> stuck) {
    int first = stuck.iterator().next();
    if (stuck.size() > 1) {
      return "ranks %s wait for each other, and nothing is under way between them"
          .formatted(stuck.stream().map(String::valueOf).collect(Collectors.joining(", ")));
    }
    return now.waitsForNoneThatRuns(first)
        ? "rank %d waits for ranks that have ended".formatted(first)
        : "rank %d waits for itself alone".formatted(first);
  }

  private JobFailedException overdue() {
    String text =
        "the job is not over within %s%s"
            .formatted(Seconds.of(options.timeLimit()), inspect().describe(running));
    tellAll(new Link.Failure(Link.Failure.Kind.RANK_FAILED, text));
    awaitOthers(GRACE);
    return new JobFailedException(text, running.isEmpty() ? 0 : running.iterator().next(), 1, null);
  }

  private Event<Ended> deaths() {
    List<Event<Ended>> deaths = new ArrayList<>();
    for (int rank : running) {
      deaths.add(ranks.get(rank).deadEvent().map(death -> new Ended(rank, death)));
    }
    return Event.choose(deaths);
  }

  private @Nullable Ended failure(Ended ended) {
    running.remove(ended.rank());
    lastNews.put(ended.rank(), unheard(ranks.get(ended.rank())));
    if (ended.death().exitCode() == 0) {
      return null;
    }
    failed.add(ended.rank());
    return ended;
  }

  /*
   * Ranks that fail because another has failed may be heard of first. So the others are waited for, a little,
   * and the first of those that failed by themselves counts.
   */
  private JobFailedException fail(Ended first) {
    Link.Failure told = first.toOthers();
    tellAll(told);
    List<Ended> failures = new ArrayList<>(List.of(first));
    boolean isForAll = told.kind() == Link.Failure.Kind.COLLECTIVE_MISMATCH;
    failures.addAll(awaitOthers(isCause(first) && !isForAll ? SHORT_GRACE : GRACE));
    Ended culprit = failures.stream().filter(this::isCause).findFirst().orElse(first);
    @Nullable PlaceFailedException cause = culprit.death().failure().orElse(null);
    if (cause != null && !options.quiet()) {
      System.err.print(cause.stack()); // in the rank's stead: those of the ranks that fail with it tell nothing
    }
    Optional<LastCalls.Mismatch> mismatch = isCause(culprit) ? Optional.empty() : lastCalls().first();
    if (mismatch.isPresent()) {
      return mismatched(mismatch.get(), "");
    }
    return new JobFailedException(
        "rank %d %s".formatted(culprit.rank(), how(culprit)),
        culprit.rank(),
        exitCode(culprit),
        cause);
  }

  private void tellAll(Link.Failure failure) {
    var order = new RankOrder.Fail(failure);
    for (int rank : running) {
      try {
        ranks.get(rank).offer(order);
      } catch (PlacesException e) {
        // It is over, too: that is heard of next.
      }
    }
  }

  /** Those that fail within the grace. */
  private List<Ended> awaitOthers(Duration grace) {
    List<Ended> failures = new ArrayList<>();
    long end = clock.nanoTime() + grace.toNanos();
    while (!running.isEmpty()) {
      Optional<Ended> next = Event.sync(left(end), deaths());
      if (next.isEmpty()) {
        break;
      }
      Ended ended = failure(next.get());
      if (ended != null) {
        failures.add(ended);
      }
    }
    return failures;
  }

  /** Whether it has failed by itself. One that has failed with others may throw anything, such as what a future wraps. */
  private boolean isCause(Ended ended) {
    boolean isWithOthers =
        lastNews.getOrDefault(ended.rank(), List.of()).contains(new RankNews.FailedWithOthers());
    return !isWithOthers && !ended.hasThrown(RankFailedException.class);
  }

  /** That of its process, if the rank has ended with it. */
  private int exitCode(Ended ended) {
    int known = ended.death().exitCode();
    return ended.death().reason() == PlaceDeath.Reason.NODE_DOWN
        ? processCode(ended.rank()).orElse(known)
        : known;
  }

  /** Of a rank whose node is gone. Empty if it is not known; one that leaves its rank unfinished has never done well. */
  private OptionalInt processCode(int rank) {
    OptionalInt code = codeOfNode(rank);
    return code.orElse(0) == 0 ? OptionalInt.empty() : code;
  }

  /** Asked for once: one waits for a process that still runs. */
  private OptionalInt codeOfNode(int rank) {
    return processCodes.computeIfAbsent(
        rank, any -> locations.get(rank) instanceof RemoteNode node ? node.exitCode() : OptionalInt.empty());
  }

  private String how(Ended ended) {
    return ended.death().reason() == PlaceDeath.Reason.NODE_DOWN ? lost(ended.rank()) : ended.how();
  }

  /** What became of a rank whose node is gone. */
  private String lost(int rank) {
    OptionalInt known = codeOfNode(rank);
    int code = known.orElse(0);
    if (code == 0) {
      return Ended.GONE + (known.isPresent() ? " (exit code 0)" : "");
    }
    return code <= SIGNALLED || code > SIGNALLED + LAST_SIGNAL
        ? "has ended its whole process with exit code " + code
        : Ended.GONE + " (ended by signal %d)".formatted(code - SIGNALLED);
  }

  private Duration left(long end) {
    return Duration.ofNanos(Math.max(0, end - clock.nanoTime()));
  }

  /** Ends the ranks that still run; each is told before any is waited for. */
  @Override
  public void close() {
    running.forEach(rank -> kill(rank, Duration.ZERO));
    long end = clock.nanoTime() + KILL_LIMIT.toNanos();
    running.forEach(rank -> kill(rank, left(end)));
    outputs.forEach(RankOutput::end);
  }

  private void kill(int rank, Duration limit) {
    Place<RankOrder, RankNews> place = Objects.requireNonNull(ranks.get(rank));
    try {
      place.kill(limit);
    } catch (PlacesException e) {
      // Its thread goes on, fenced: it can send and receive nothing. Its node ends it, if it has its own.
    }
  }
}
