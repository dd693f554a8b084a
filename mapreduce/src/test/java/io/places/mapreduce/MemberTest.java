package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When a worker is given up. */
class MemberTest {
  @SuppressWarnings("NullAway") // nothing is said to it
  private final Member source = new Member(null, 1, 1);

  @Test
  void aSourceFromWhichThreeFetchesFailOneAfterTheOtherIsGivenUp() {
    assertThat(source.countFailedFetch(0, 10)).isFalse();
    assertThat(source.countFailedFetch(11, 20)).isFalse();
    assertThat(source.countFailedFetch(21, 30)).isTrue();
  }

  @Test
  void fetchesThatHadBegunWhenOneFailedDoNotCount() {
    for (int fetch = 0; fetch < 5; fetch++) {
      assertThat(source.countFailedFetch(fetch, 10 + fetch)).isFalse();
    }
    assertThat(source.countFailedFetch(11, 20)).isFalse();
    assertThat(source.countFailedFetch(21, 30)).isTrue();
  }

  @Test
  void aFetchThatSucceedsMakesUpForThoseThatFailed() {
    for (long time = 0; time < 5; time++) {
      assertThat(source.countFailedFetch(20 * time, 20 * time + 5)).isFalse();
      assertThat(source.countFailedFetch(20 * time + 10, 20 * time + 15)).isFalse();
      source.forgetFailedFetches();
    }
  }
}
