package io.places.examples.nas;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.rmpi.Rmpi;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The smallest class gives the answers of the specification, whatever the number of ranks. */
class NasTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void integerSortOfClassSIsVerified(int ranks) {
    assertThat(Rmpi.call(ranks, IntegerSort.class, NasResult.class, "S"))
        .hasSize(ranks)
        .allSatisfy(result -> assertThat(result.verified()).as(result.answer()).isTrue());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void conjugateGradientOfClassSIsVerified(int ranks) {
    assertThat(Rmpi.call(ranks, ConjugateGradient.class, NasResult.class, "S"))
        .hasSize(ranks)
        .allSatisfy(result -> assertThat(result.verified()).as(result.answer()).isTrue());
  }
}
