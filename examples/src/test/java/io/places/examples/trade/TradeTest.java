package io.places.examples.trade;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TradeTest {
  @ParameterizedTest
  @CsvSource({"8000, 6000", "100, 100", "101, 100", "1000000000, 2", "12, 11"})
  void theyAgreeOnOnePriceThatSuitsBoth(int most, int least) {
    Trade.Outcome outcome = Trade.between(most, least);

    assertThat(outcome.paid()).hasValueSatisfying(cents -> assertThat(cents).isBetween(least, most));
    assertThat(outcome.earned()).isEqualTo(outcome.paid());
  }

  @ParameterizedTest
  @CsvSource({"6000, 8000", "99, 100", "2, 1000000000"})
  void bothReportThatThereIsNoDealIfTheirLimitsDoNotMeet(int most, int least) {
    Trade.Outcome outcome = Trade.between(most, least);

    assertThat(outcome.paid()).isEmpty();
    assertThat(outcome.earned()).isEmpty();
  }

  @Test
  void aLimitOutOfBoundsIsRefused() {
    assertThatThrownBy(() -> Trade.between(100, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the limit of the seller must be 2 to 1000000000 cents, not 1");
  }
}
