package io.places.examples.build;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;

/** Which units can be compiled now, and what has come of the others. Used by the controller only. */
final class JobQueue {
  private static final Comparator<Problem> BY_PLACE =
      Comparator.comparing(Problem::file).thenComparingLong(Problem::line);

  private final List<BuildUnit> units;
  private final List<BuildUnit> waiting;
  private final Queue<BuildUnit> ready = new ArrayDeque<>();
  private final Set<Integer> built = new HashSet<>();
  private final List<Problem> problems = new ArrayList<>();
  private int running;
  private int compiled;

  JobQueue(List<BuildUnit> units) {
    this.units = units;
    this.waiting = new ArrayList<>(units);
    findReady();
  }

  /** A unit whose needs are compiled; the caller has it compiled and says {@link #finished}. */
  Optional<BuildUnit> next() {
    BuildUnit next = ready.poll();
    if (next != null) {
      running++;
    }
    return Optional.ofNullable(next);
  }

  void finished(int unit, List<Problem> found) {
    running--;
    if (found.isEmpty()) {
      built.add(unit);
      compiled += units.get(unit).files().size();
      findReady();
    } else {
      problems.addAll(found);
    }
  }

  /** Whether no unit will become ready any more: all are compiled, or need one that has errors. */
  boolean isOver() {
    return running == 0 && ready.isEmpty();
  }

  BuildReport report() {
    int skipped = waiting.stream().mapToInt(unit -> unit.files().size()).sum();
    return new BuildReport(compiled, skipped, problems.stream().sorted(BY_PLACE).toList());
  }

  private void findReady() {
    waiting.removeIf(unit -> built.containsAll(unit.needs()) && ready.add(unit));
  }
}
