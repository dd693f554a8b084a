package io.places.message;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is kept of the arrays of large messages. */
class SpareArraysTest {
  private static final int SIZE = SpareArrays.SMALLEST + 12_345;

  @Test
  void anArrayServesAMessageOfAboutItsSizeAndOnlyOne() {
    byte[] array = new byte[SIZE];
    SpareArrays.give(array);
    assertThat(SpareArrays.take(SIZE + 1)).isNotSameAs(array).hasSizeGreaterThan(SIZE);
    assertThat(SpareArrays.take(SIZE - 1)).isSameAs(array);
    assertThat(SpareArrays.take(SIZE - 1)).isNotSameAs(array).hasSizeGreaterThanOrEqualTo(SIZE - 1);
    byte[] tooLarge = new byte[SIZE + SIZE / 6];
    SpareArrays.give(tooLarge);
    assertThat(SpareArrays.take(SIZE)).isNotSameAs(tooLarge);
  }

  @Test
  void smallOnesAreNotKept() {
    byte[] small = new byte[SpareArrays.SMALLEST - 1];
    SpareArrays.give(small);
    assertThat(SpareArrays.find(small.length)).isNull();
    assertThat(SpareArrays.take(100)).hasSize(100);
  }

  @Test
  void oneThatIsLargerThanAllThatIsKeptDrivesNothingOut() {
    byte[] array = new byte[SIZE];
    SpareArrays.give(array);
    SpareArrays.give(new byte[(int) SpareArrays.MOST_BYTES + 1]);
    assertThat(SpareArrays.take(SIZE)).isSameAs(array);
  }

  @Test
  void theOldestGoWhenThereAreTooMany() {
    int size = (int) (SpareArrays.MOST_BYTES / 4);
    List<byte[]> given = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      byte[] array = new byte[size];
      given.add(array);
      SpareArrays.give(array);
    }
    for (int i = 4; i > 0; i--) {
      assertThat(SpareArrays.take(size)).isSameAs(given.get(i));
    }
    assertThat(SpareArrays.take(size)).isNotSameAs(given.getFirst());
  }
}
