package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.PlacesException;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CountersTest {

  @Test
  void countersAddUpByName() {
    Counters left = Counters.of(Map.of("apples", 2L, "pears", 1L));
    Counters right = Counters.of(Map.of("apples", 3L, "map input records", 4L));

    Counters sum = left.plus(right);

    assertThat(sum.get("apples")).isEqualTo(5);
    assertThat(sum.get("pears")).isEqualTo(1);
    assertThat(sum.get(TaskCounter.MAP_INPUT_RECORDS)).isEqualTo(4);
    assertThat(sum.get("plums")).isZero();
  }

  @Test
  void aCounterThatIsBeyondALongIsNamed() {
    Counters most = Counters.of(Map.of("hashes", Long.MAX_VALUE));
    assertThatThrownBy(() -> most.plus(Counters.of(Map.of("hashes", 1L))))
        .isInstanceOf(PlacesException.class)
        .hasMessageStartingWith(
            "the counter 'hashes' is beyond a long: it was 9223372036854775807, and 1 came");

    Tally tally = new Tally();
    tally.add("hashes", Long.MIN_VALUE);
    assertThatThrownBy(() -> tally.add("hashes", -1))
        .isInstanceOf(PlacesException.class)
        .hasMessageStartingWith("the counter 'hashes' is beyond a long");
  }

  @Test
  void theEnginesCountersComeFirstAndTheUsersSorted() {
    Counters counters = Counters.of(Map.of("pears", 1L, "apples", 2L));

    assertThat(counters.asMap().keySet())
        .startsWith("map input records", "map input bytes")
        .endsWith("output bytes", "apples", "pears");
  }

  @Test
  void countersTravelAsAMessage() {
    Counters counters = Counters.of(Map.of("apples", 2L, "output records", 7L));

    assertThat(Counters.of(counters.toMessage())).isEqualTo(counters);
  }
}
