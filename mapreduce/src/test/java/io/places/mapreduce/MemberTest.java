package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** When a worker is given up. */
class MemberTest {
  @SuppressWarnings("NullAway") // nothing is said to it
  private static Member member(int number) {
    return new Member(null, number, 1);
  }

  private final Member source = member(1);
  private final Member reducer = member(2);
  private final Member other = member(3);

  private boolean failsToFetch(long begun, long now) {
    return source.countFailedFetch(reducer, 1, begun, now);
  }

  @Test
  void aSourceFromWhichThreeFetchesFailOneAfterTheOtherIsGivenUp() {
    assertThat(failsToFetch(0, 10)).isFalse();
    assertThat(failsToFetch(11, 20)).isFalse();
    assertThat(failsToFetch(21, 30)).isTrue();
  }

  @Test
  void fetchesThatHadBegunWhenOneFailedDoNotCount() {
    for (int fetch = 0; fetch < 5; fetch++) {
      assertThat(failsToFetch(fetch, 10 + fetch)).isFalse();
    }
    assertThat(failsToFetch(11, 20)).isFalse();
    assertThat(failsToFetch(21, 30)).isTrue();
  }

  @Test
  void aFetchThatSucceedsMakesUpForThoseThatFailed() {
    for (long time = 0; time < 5; time++) {
      assertThat(failsToFetch(20 * time, 20 * time + 5)).isFalse();
      assertThat(failsToFetch(20 * time + 10, 20 * time + 15)).isFalse();
      source.forgetFailedFetches();
    }
  }

  @Test
  void aSourceIsGivenUpOnlyIfFetchesOfTwoWorkersFailWhereThereAreMore() {
    for (long time = 0; time < 10; time++) {
      assertThat(source.countFailedFetch(reducer, 2, 20 * time, 20 * time + 10)).isFalse();
    }
    source.forgetFailedFetches();
    assertThat(source.countFailedFetch(reducer, 2, 300, 310)).isFalse();
    assertThat(source.countFailedFetch(reducer, 2, 320, 330)).isFalse();
    assertThat(source.countFailedFetch(other, 2, 340, 350)).isTrue();
  }
}
