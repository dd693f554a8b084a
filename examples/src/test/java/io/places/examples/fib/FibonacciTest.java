package io.places.examples.fib;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class FibonacciTest {
  @Test
  void twoPlacesEachComputeANumber() {
    assertThat(Fibonacci.of(List.of(30, 25))).containsExactly(832_040L, 75_025L);
  }

  @Test
  void theFirstNumbersAreZeroAndOne() {
    assertThat(Fibonacci.of(List.of(0, 1, 2, 3, 4, 5, 6)))
        .containsExactly(0L, 1L, 1L, 2L, 3L, 5L, 8L);
  }

  @Test
  void noIndicesGiveNoNumbers() {
    assertThat(Fibonacci.of(List.of())).isEmpty();
  }

  @Test
  void anIndexOutOfBoundsIsRefused() {
    assertThatThrownBy(() -> Fibonacci.of(List.of(3, 51)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the index of a Fibonacci number must be 0 to 50, not 51");
  }
}
