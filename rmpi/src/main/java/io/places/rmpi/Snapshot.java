package io.places.rmpi;

import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/*
 * Ranks that wait for each other: of those that wait, the ones that can only be freed by others of them. One
 * that waits for a rank that runs is taken out, then those that wait for it, until nothing changes. A rank
 * with several threads that wait is taken out if any of them may be freed. So is one that waits for a rank that is
 * over, as long as it has not heard of that: its last messages are on their way, or its end. When it has heard that of all
 * that it waits for, its wait should have failed; if it still goes on, nothing ends it, and it is told of rather than
 * left waiting for ever.
 *
 * A snapshot is no instant: ranks are asked one after the other. So nothing is concluded from one; two that
 * are the same say that nothing went on in between, if also each frame that was sent has come.
 */
/**
 * What the ranks of a job wait for.
 *
 * @param states of those that run, by rank
 */
record Snapshot(Map<Integer, RankNews.State> states) {
  Snapshot {
    states = Map.copyOf(states);
  }

  /** The ranks that wait for each other, if nothing is under way between them; else none. */
  Set<Integer> stuck() {
    Set<Integer> stuck = new TreeSet<>();
    states.forEach(
        (rank, state) -> {
          if (state.isBlocked()) {
            stuck.add(rank);
          }
        });
    while (stuck.removeIf(rank -> mayBeFreed(rank, stuck))) {}
    return isSomethingUnderWay(stuck) ? Set.of() : stuck;
  }

  private boolean mayBeFreed(int rank, Set<Integer> stuck) {
    return state(rank).waits().stream()
        .anyMatch(
            wait ->
                wait.mayEndOtherwise()
                    || wait.peers().stream()
                        .anyMatch(peer -> peer != rank && !stuck.contains(peer)));
  }

  /** Of all waits of these ranks; nothing if there is none. */
  Duration shortestWait(Set<Integer> ranks) {
    return ranks.stream()
        .flatMap(rank -> state(rank).waits().stream())
        .map(RankNews.Wait::waited)
        .min(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  /** Whether it knows of the end of all that it waits for. */
  boolean waitsForNoneThatRuns(int rank) {
    return state(rank).waits().stream().allMatch(wait -> wait.peers().isEmpty());
  }

  private boolean isSomethingUnderWay(Set<Integer> ranks) {
    for (int rank : ranks) {
      for (RankNews.Traffic to : state(rank).traffic()) {
        if (ranks.contains(to.peer()) && to.sent() != receivedFrom(rank, to.peer())) {
          return true;
        }
      }
    }
    return false;
  }

  private long receivedFrom(int sender, int receiver) {
    return state(receiver).traffic().stream()
        .filter(traffic -> traffic.peer() == sender)
        .mapToLong(RankNews.Traffic::received)
        .findFirst()
        .orElse(0);
  }

  private RankNews.State state(int rank) {
    RankNews.State state = states.get(rank);
    if (state == null) {
      throw new IllegalArgumentException("rank " + rank + " does not run");
    }
    return state;
  }

  /** Whether these ranks have done nothing from an earlier snapshot to this one. */
  boolean isUnchangedSince(Snapshot earlier, Set<Integer> ranks) {
    return ranks.stream()
        .allMatch(
            rank -> {
              RankNews.State before = earlier.states.get(rank);
              return before != null && marks(before).equals(marks(state(rank)));
            });
  }

  private record Mark(String operation, long since) {}

  /** What a rank does: also which of the waits that look the same. */
  private static Map<Object, Integer> marks(RankNews.State state) {
    Map<Object, Integer> marks = new HashMap<>();
    state
        .waits()
        .forEach(wait -> marks.merge(new Mark(wait.operation(), wait.since()), 1, Integer::sum));
    state.traffic().forEach(traffic -> marks.merge(traffic, 1, Integer::sum));
    return marks;
  }

  /** What these ranks wait for, and where. */
  String describe(Set<Integer> ranks) {
    StringBuilder text = new StringBuilder();
    for (int rank : ranks) {
      for (RankNews.Wait wait : state(rank).waits()) {
        text.append(
            String.format(
                Locale.ROOT,
                "%n  rank %d has waited %.1f s in %s",
                rank,
                wait.waited().toMillis() / 1e3,
                wait.operation()));
        wait.stack().forEach(frame -> text.append("%n      at %s".formatted(frame)));
      }
    }
    return text.toString();
  }
}
