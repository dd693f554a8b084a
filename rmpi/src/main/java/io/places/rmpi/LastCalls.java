package io.places.rmpi;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/*
 * A message of a collective operation says what its sender is in, so ranks that differ find that out when one receives
 * from the other. In their last operation they may not: a root that sends waits for nobody. So what all have called is
 * compared when they are over.
 */
/**
 * What the ranks of a job have called together.
 *
 * @param news by rank, of those that are over
 * @param failed those of them that have not ended in order
 */
record LastCalls(Map<Integer, RankNews.Calls> news, Set<Integer> failed) {
  /**
   * Ranks that have called something else.
   *
   * @param rank one of them, of the job
   */
  record Mismatch(int rank, String text) {
    CollectiveMismatchException exception() {
      return new CollectiveMismatchException(text);
    }
  }

  /** A communicator: of one number there may be several, of others. */
  private record Group(int context, int members) implements Comparable<Group> {
    @Override
    public int compareTo(Group other) {
      int byContext = Integer.compare(context, other.context);
      return byContext != 0 ? byContext : Integer.compare(members, other.members);
    }
  }

  private record Logged(int worldRank, RankNews.Log log) {
    @Nullable CollectiveCall call(long number) {
      return log.last().stream().filter(call -> call.number() == number).findFirst().orElse(null);
    }
  }

  LastCalls {
    news = Map.copyOf(news);
    failed = Set.copyOf(failed);
  }

  /** Of a job of which all ranks have ended in order. */
  Optional<Mismatch> atTheEnd() {
    long shares = news.values().stream().mapToLong(RankNews.Calls::shares).sum();
    if (shares == 0) {
      return Optional.empty();
    }
    return Optional.of(
        first()
            .orElseGet(
                () ->
                    new Mismatch(
                        0,
                        "the ranks have not called the same, in a communicator that is over or before the last calls: "
                            + CollectiveMismatchException.RULE)));
  }

  /** The first that is known. */
  Optional<Mismatch> first() {
    Map<Group, Map<Integer, Logged>> groups = new TreeMap<>();
    news.forEach(
        (worldRank, calls) -> {
          for (RankNews.Log log : calls.logs()) {
            groups
                .computeIfAbsent(new Group(log.context(), log.group()), any -> new TreeMap<>())
                .put(log.rank(), new Logged(worldRank, log));
          }
        });
    return groups.values().stream().map(this::among).flatMap(Optional::stream).findFirst();
  }

  private Optional<Mismatch> among(Map<Integer, Logged> members) {
    Logged first = members.values().iterator().next();
    for (Logged other : members.values()) {
      String what = difference(first, other);
      if (what != null) {
        return Optional.of(mismatch(first, other, what));
      }
    }
    return Optional.empty();
  }

  private @Nullable String difference(Logged first, Logged other) {
    RankNews.Log a = first.log();
    RankNews.Log b = other.log();
    long both = Math.min(a.number(), b.number());
    for (CollectiveCall mine : a.last()) {
      CollectiveCall theirs = other.call(mine.number());
      if (theirs != null && !mine.equals(theirs)) {
        return "rank %d was in %s, rank %d in %s".formatted(a.rank(), mine.text(), b.rank(), theirs.text());
      }
    }
    if (failed.contains(first.worldRank()) || failed.contains(other.worldRank())) {
      return null; // there were calls that one has not come to
    }
    if (a.number() != b.number()) {
      Logged more = a.number() > b.number() ? first : other;
      Logged less = a.number() > b.number() ? other : first;
      CollectiveCall next = more.call(both + 1);
      return "rank %d was in %s, rank %d has ended after %d calls"
          .formatted(
              more.log().rank(),
              next == null ? "call %d".formatted(both + 1) : next.text(),
              less.log().rank(),
              both);
    }
    return a.hash() == b.hash()
        ? null
        : "ranks %d and %d have made %d calls each, which were not the same before the last of them"
            .formatted(a.rank(), b.rank(), both);
  }

  private static Mismatch mismatch(Logged first, Logged other, String what) {
    RankNews.Log log = first.log();
    String where =
        log.context() == 0
            ? ""
            : "in a communicator of %d ranks, in which ranks %d and %d of the job are %d and %d: "
                .formatted(
                    log.size(), first.worldRank(), other.worldRank(), log.rank(), other.log().rank());
    return new Mismatch(
        other.worldRank(), where + what + ": " + CollectiveMismatchException.RULE);
  }
}
