package io.places.ndp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.Spawner;
import java.util.Arrays;
import java.util.Comparator;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sorts, held against those of the JDK. */
class SortTest {
  private static final int[] SIZES = {
    0, 1, 2, 100, LongSort.SMALL - 1, LongSort.SMALL, LongSort.SMALL + 1, 40_000, 600_000
  };

  private final SplittableRandom random = Inputs.random();

  @ParameterizedTest
  @EnumSource
  void longsAreSortedWhateverTheyAreLike(Inputs input) {
    for (int size : SIZES) {
      long[] array = input.make(size, random);
      long[] expected = array.clone();
      Arrays.sort(expected);
      Ndp.sort(array);
      assertThat(Arrays.equals(array, expected)).as("%s of %d", input, size).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aStretchIsSortedAndTheRestIsLeftAlone(Inputs input) {
    long[] array = input.make(100_000, random);
    long[] expected = array.clone();
    Arrays.sort(expected, 17, 90_001);
    LongSort.sort(array, 17, 90_001, Crew.ALONE);
    assertThat(Arrays.equals(array, expected)).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void intsAreSorted(Inputs input) {
    for (int size : SIZES) {
      int[] array = Arrays.stream(input.make(size, random)).mapToInt(Long::hashCode).toArray();
      int[] expected = array.clone();
      Arrays.sort(expected);
      Ndp.sort(array);
      assertThat(Arrays.equals(array, expected)).as("%s of %d", input, size).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource
  void doublesAreSortedWithZerosAndInfinitiesAndWhatIsNoNumberAsTheJdkDoes(Inputs input) {
    double[] special = {
      0.0, -0.0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.MIN_VALUE,
      -Double.MAX_VALUE, Double.longBitsToDouble(0xFFF8_0000_0000_0001L)
    };
    for (int size : SIZES) {
      double[] array = Arrays.stream(input.make(size, random)).mapToDouble(each -> each).toArray();
      for (int i = 0; i < size / 10; i++) {
        array[random.nextInt(size)] = special[random.nextInt(special.length)];
      }
      double[] expected = array.clone();
      Arrays.sort(expected);
      Ndp.sort(array);
      assertThat(Arrays.equals(array, expected)).as("%s of %d", input, size).isTrue();
    }
  }

  private record Named(long key, int number) {}

  @ParameterizedTest
  @EnumSource
  void objectsAreSortedAndEqualOnesKeepTheirOrder(Inputs input) {
    for (int size : new int[] {0, 1, 4_095, 4_096, 4_097, 100_001}) {
      long[] keys = input.make(size, random);
      Named[] array = new Named[size];
      for (int i = 0; i < size; i++) {
        array[i] = new Named(keys[i] % 1000, i);
      }
      Named[] expected = array.clone();
      Arrays.sort(expected, Comparator.comparingLong(Named::key));
      Ndp.sort(array, Comparator.comparingLong(Named::key));
      assertThat(array).isEqualTo(expected);
    }
  }

  @Test
  void anyNumberOfThreadsSorts() {
    for (int threads = 1; threads <= 5; threads++) {
      try (Pool pool = new Pool(threads, Spawner.system())) {
        long[] array = Inputs.EXPONENTIAL.make(500_000, random);
        long[] expected = array.clone();
        Arrays.sort(expected);
        LongSort.sort(array, 0, array.length, Crew.of(pool));
        assertThat(Arrays.equals(array, expected)).isTrue();
        Long[] objects = Arrays.stream(Inputs.UNIFORM.make(50_000, random)).boxed().toArray(Long[]::new);
        Long[] inOrder = objects.clone();
        Arrays.sort(inOrder);
        SampleSort.sort(objects, Comparator.naturalOrder(), Crew.of(pool));
        assertThat(objects).isEqualTo(inOrder);
      }
    }
  }

  @Test
  void aComparatorThatThrowsIsHeard() {
    Long[] array = Arrays.stream(Inputs.UNIFORM.make(50_000, random)).boxed().toArray(Long[]::new);
    assertThatThrownBy(
            () ->
                Ndp.sort(
                    array,
                    (_, _) -> {
                      throw new IllegalStateException("no order");
                    }))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("no order");
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 100, 100_000})
  @SuppressWarnings("NullAway") // on purpose
  void aMissingOrderIsRefusedWhateverTheSize(int size) {
    Long[] array = Arrays.stream(Inputs.UNIFORM.make(size, random)).boxed().toArray(Long[]::new);
    assertThatThrownBy(() -> Ndp.sort(array, null))
        .isInstanceOf(NullPointerException.class)
        .hasMessageContaining("Comparator.naturalOrder()");
  }
}
