package io.places.examples.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JobQueueTest {
  private static final BuildUnit MODEL = unit(0, Set.of());
  private static final BuildUnit APP = unit(1, Set.of(0));
  private static final BuildUnit TOOL = unit(2, Set.of());

  private final JobQueue jobs = new JobQueue(List.of(MODEL, APP, TOOL));

  @Test
  void aUnitIsHandedOutWhenWhatItNeedsIsCompiled() {
    assertThat(jobs.next()).contains(MODEL);
    assertThat(jobs.next()).contains(TOOL);
    assertThat(jobs.next()).isEmpty();
    assertThat(jobs.isOver()).isFalse();

    jobs.finished(0, List.of());

    assertThat(jobs.next()).contains(APP);
    jobs.finished(2, List.of());
    jobs.finished(1, List.of());
    assertThat(jobs.isOver()).isTrue();
    assertThat(jobs.report()).isEqualTo(new BuildReport(3, 0, List.of()));
  }

  @Test
  void whatNeedsAUnitWithErrorsIsSkipped() {
    Problem second = new Problem("b.java", 2, "no such type");
    Problem first = new Problem("a.java", 7, "';' expected");
    assertThat(jobs.next()).contains(MODEL);
    assertThat(jobs.next()).contains(TOOL);

    jobs.finished(2, List.of());
    jobs.finished(0, List.of(second, first));

    assertThat(jobs.next()).isEmpty();
    assertThat(jobs.isOver()).isTrue();
    assertThat(jobs.report()).isEqualTo(new BuildReport(1, 1, List.of(first, second)));
  }

  private static BuildUnit unit(int number, Set<Integer> needs) {
    return new BuildUnit(number, List.of(Path.of(number + ".java")), needs);
  }
}
