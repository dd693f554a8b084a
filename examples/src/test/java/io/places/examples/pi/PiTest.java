package io.places.examples.pi;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.rmpi.Rmpi;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PiTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void allRanksHaveThePiOfAllStrips(int ranks) {
    assertThat(Rmpi.call(ranks, Pi.class, Double.class, "100000"))
        .hasSize(ranks)
        .allSatisfy(pi -> assertThat(Math.abs(pi - Math.PI)).isLessThan(1e-10));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void oneStripIsTheHeightInItsMiddle(int ranks) {
    assertThat(Rmpi.call(ranks, Pi.class, Double.class, "1")).containsOnly(3.2);
  }
}
