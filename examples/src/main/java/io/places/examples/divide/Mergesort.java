package io.places.examples.divide;

import io.places.ndp.DivideAndConquer;
import java.util.Arrays;
import java.util.List;

/** Sorts lines of text by merging, as von Neumann did in 1945: stably. */
public final class Mergesort implements DivideAndConquer<Mergesort.Lines, Mergesort.Lines> {
  private static final int SMALL = 10_000;

  /** Lines of text. */
  public record Lines(List<String> lines) {}

  @Override
  public boolean isSmall(Lines problem) {
    return problem.lines().size() <= SMALL;
  }

  @Override
  public List<Lines> split(Lines problem) {
    List<String> lines = problem.lines();
    int middle = lines.size() / 2;
    return List.of(
        new Lines(lines.subList(0, middle)), new Lines(lines.subList(middle, lines.size())));
  }

  @Override
  public Lines solve(Lines problem) {
    return new Lines(problem.lines().stream().sorted().toList());
  }

  @Override
  public Lines combine(Lines problem, List<Lines> parts) {
    List<String> left = parts.get(0).lines();
    List<String> right = parts.get(1).lines();
    String[] merged = new String[left.size() + right.size()];
    int l = 0;
    int r = 0;
    for (int i = 0; i < merged.length; i++) {
      boolean fromLeft =
          r == right.size() || (l < left.size() && left.get(l).compareTo(right.get(r)) <= 0);
      merged[i] = fromLeft ? left.get(l++) : right.get(r++);
    }
    return new Lines(Arrays.asList(merged));
  }

  @Override
  public double work(Lines problem) {
    return 500.0 * problem.lines().size();
  }
}
