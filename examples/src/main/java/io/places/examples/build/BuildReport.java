package io.places.examples.build;

import java.util.List;

/**
 * What came of a build.
 *
 * @param compiled sources whose classes are in the output folder
 * @param skipped sources left out, because what they need has errors
 * @param problems sorted by file and line
 */
public record BuildReport(int compiled, int skipped, List<Problem> problems) {
  public BuildReport {
    problems = List.copyOf(problems);
  }

  /** Whether all sources were compiled. */
  public boolean isSuccess() {
    return problems.isEmpty();
  }
}
