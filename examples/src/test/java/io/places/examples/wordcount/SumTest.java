package io.places.examples.wordcount;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SumTest {

  @Test
  void theReducerAddsAllCounts() {
    Counting context = Counting.of();
    new SumReducer().reduce("word", List.of(1L, 2L, 3_000_000_000L), context);

    assertThat(context.counts()).isEqualTo(Map.of("word", 3_000_000_003L));
  }

  @Test
  void theCombinerAddsTwoCounts() {
    assertThat(new SumCombiner().combine("word", 1L, 2L)).isEqualTo(3);
  }
}
