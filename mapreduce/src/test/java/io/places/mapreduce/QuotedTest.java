package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QuotedTest {
  @Test
  void aLongTextIsCutAndControlCharactersAreEscaped() {
    assertThat(Quoted.of("a\tb" + "x".repeat(200))).isEqualTo("'a\\u0009b" + "x".repeat(97) + "...'");
    assertThat(Quoted.of(new byte[] {1, -1})).isEqualTo("'0x01ff'");
  }

  /** What a class without null checks can do. */
  static final class TellsNothing {
    @Override
    @SuppressWarnings({"NullAway", "ToStringReturnsNull"})
    public String toString() {
      return null;
    }
  }

  static final class RefusesToTell {
    @Override
    public String toString() {
      throw new IllegalStateException("no");
    }
  }

  @Test
  void aValueWithoutATextStillHasAPlaceInAMessage() {
    assertThat(Quoted.of(null)).isEqualTo("null");
    assertThat(Quoted.of(new TellsNothing())).isEqualTo("'null'");
    assertThat(Quoted.of(new RefusesToTell()))
        .isEqualTo(
            "a io.places.mapreduce.QuotedTest$RefusesToTell, whose text cannot be told:"
                + " java.lang.IllegalStateException");
    List<Object> endless = new ArrayList<>();
    List<Object> within = new ArrayList<>(List.of(endless));
    endless.add(within);
    assertThat(Quoted.of(endless))
        .isEqualTo("a java.util.ArrayList, whose text cannot be told: java.lang.StackOverflowError");
  }
}
