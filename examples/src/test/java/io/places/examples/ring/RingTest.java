package io.places.examples.ring;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.rmpi.Rmpi;
import org.junit.jupiter.api.Test;

class RingTest {
  @Test
  void theTokenComesBackWithTheNumbersOfAllRanksInIt() {
    assertThat(Rmpi.call(4, Ring.class, Long.class, "3"))
        .containsExactly(18L, 13L, 15L, 18L); // 0 + 1 + 2 + 3, three times; then as each one sent it
  }

  @Test
  void oneRankSendsToItself() {
    assertThat(Rmpi.call(1, Ring.class, Long.class, "3")).containsExactly(0L);
  }
}
