package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** As {@link CollectivesTest}, among ranks that are each a process. */
class CollectivesOfProcessesTest {
  @ParameterizedTest
  @MethodSource("io.places.rmpi.CollectivesTest#amongProcesses")
  void everyOperationGivesWhatASingleThreadComputes(Ranks ranks, int size) {
    assertThat(ranks.call(size, CollectivesTest.Everything.class, Boolean.class)).hasSize(size);
  }
}
