package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.PlaceFailedException;
import io.places.place.PlaceDeath;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the other ranks are told of one that is over. */
class EndedTest {
  private static String told(PlaceDeath.Reason reason, int exitCode, Optional<PlaceFailedException> failure) {
    return new Ended(2, new PlaceDeath("p", reason, exitCode, failure)).toOthers().text();
  }

  private static String told(Class<?> thrown, String message) {
    return told(
        PlaceDeath.Reason.EXCEPTION, 1, Optional.of(new PlaceFailedException("n", "p", thrown.getName(), message, "")));
  }

  @Test
  void whateverARankThrowsOrEndsWithItIsNamed() {
    assertThat(told(IllegalStateException.class, "no flour"))
        .isEqualTo("rank 2 has failed: java.lang.IllegalStateException: no flour");
    assertThat(told(IllegalStateException.class, "")).isEqualTo("rank 2 has failed: java.lang.IllegalStateException");
    assertThat(told(PlaceDeath.Reason.EXIT, 7, Optional.empty())).isEqualTo("rank 2 has ended with exit code 7");
    assertThat(told(PlaceDeath.Reason.NODE_DOWN, 1, Optional.empty())).isEqualTo("rank 2 is lost: its node is gone");
  }

  @Test
  void whatARankHasHeardOfAnotherIsToldAsItIs() {
    assertThat(told(RankFailedException.class, "rank 0 is lost")).isEqualTo("rank 0 is lost");
    assertThat(told(CollectiveMismatchException.class, "rank 0 is in barrier()")).isEqualTo("rank 0 is in barrier()");
  }
}
