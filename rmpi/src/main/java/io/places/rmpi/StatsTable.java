package io.places.rmpi;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the calls of all ranks have cost, as users read it. */
final class StatsTable {
  private static final String LINE = "%-14s %10s %16s %11s %11s %7s%n";
  private static final double NANOS = 1e9;

  /** Of one operation. */
  private static final class Sums {
    final Map<Integer, Long> waitedByRank = new TreeMap<>();
    final Map<Integer, Long> awaited = new HashMap<>();
    boolean isCollective;
    long calls;
    long bytes;
    long nanos;
    long waited;

    /**
     * Whom the others waited for: in an operation of all, the one that waited least; else the one that was
     * awaited longest.
     */
    Optional<Integer> latest() {
      if (waited == 0) {
        return Optional.empty();
      }
      if (isCollective) {
        return waitedByRank.entrySet().stream().min(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
      }
      return awaited.entrySet().stream().max(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
    }
  }

  private StatsTable() {}

  /**
   * The table, with what took longest first.
   *
   * @param ranks the rows of each rank, in their order
   */
  static String of(List<List<Tally.Row>> ranks) {
    Map<String, Sums> sums = new TreeMap<>();
    for (int rank = 0; rank < ranks.size(); rank++) {
      for (Tally.Row row : ranks.get(rank)) {
        Sums of = sums.computeIfAbsent(row.operation(), any -> new Sums());
        of.isCollective = row.isCollective();
        of.calls += row.calls();
        of.bytes += row.bytes();
        of.nanos += row.nanos();
        of.waited += row.waited();
        of.waitedByRank.put(rank, row.waited());
        row.awaited().forEach((peer, nanos) -> of.awaited.merge(peer, nanos, Long::sum));
      }
    }
    StringBuilder text = new StringBuilder();
    text.append(LINE.formatted("call", "count", "bytes", "time s", "waiting s", "latest"));
    List<Map.Entry<String, Sums>> longestFirst = new ArrayList<>(sums.entrySet());
    longestFirst.sort(
        Comparator.comparingLong((Map.Entry<String, Sums> each) -> each.getValue().nanos).reversed());
    for (Map.Entry<String, Sums> each : longestFirst) {
      Sums of = each.getValue();
      text.append(
          LINE.formatted(
              each.getKey(),
              of.calls,
              of.bytes,
              seconds(of.nanos),
              seconds(of.waited),
              of.latest().map(rank -> "rank " + rank).orElse("-")));
    }
    return text.toString();
  }

  private static String seconds(long nanos) {
    return String.format(Locale.ROOT, "%.6f", nanos / NANOS);
  }
}
