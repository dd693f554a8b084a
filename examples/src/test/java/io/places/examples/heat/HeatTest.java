package io.places.examples.heat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.rmpi.Rmpi;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HeatTest {
  private static final int SIZE = 41;
  private static final int STEPS = 60;

  private static HeatResult run(int ranks, int steps) {
    return Rmpi.call(
            ranks, Heat.class, HeatResult.class, Integer.toString(SIZE), Integer.toString(steps))
        .getFirst();
  }

  /** The same without ranks and halos. */
  private static double[] serial(int steps) {
    Plate plate = new Plate(SIZE);
    double[] now = new double[SIZE * SIZE];
    Arrays.setAll(now, i -> plate.start(i / SIZE, i % SIZE));
    for (int step = 0; step < steps; step++) {
      double[] old = now.clone();
      for (int i = 0; i < now.length; i++) {
        if (!plate.isFixed(i / SIZE, i % SIZE)) {
          now[i] = (old[i - SIZE] + old[i + SIZE] + old[i - 1] + old[i + 1]) / 4;
        }
      }
    }
    return now;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 6, 7})
  void theTemperaturesAreThoseOfASerialProgramBitForBit(int ranks) {
    HeatResult result = run(ranks, STEPS);

    assertThat(result.plate()).containsExactly(serial(STEPS));
    assertThat(result.rows() * result.columns()).isEqualTo(ranks);
    assertThat(result.change()).isEqualTo(run(1, STEPS).change()).isPositive();
  }

  @Test
  void heatSpreadsAndWhatIsFixedStays() {
    double[] before = run(2, 0).plate();
    double[] after = run(2, STEPS).plate();

    int hot = SIZE * 35 / 100 * SIZE + SIZE * 30 / 100;
    assertThat(before[hot]).isEqualTo(Plate.HOTTEST);
    assertThat(after[hot]).isEqualTo(Plate.HOTTEST);
    assertThat(Arrays.stream(after).min()).hasValue(Plate.COLDEST);
    assertThat(Arrays.stream(after).distinct().count())
        .isGreaterThan(10 * Arrays.stream(before).distinct().count());
  }

  @Test
  void moreRowsOfRanksThanOfCellsAreRefused() {
    assertThatThrownBy(() -> Rmpi.call(11, Heat.class, HeatResult.class, "10", "1"))
        .hasMessageEndingWith(
            "11 rows of ranks do not fit a plate of 10 rows; take a larger plate or fewer ranks");
  }

  @Test
  void thePictureHasAPixelForEachCellTheHotterTheLighter() {
    BufferedImage image = HeatPicture.of(new double[] {Plate.COLDEST, 50, Plate.HOTTEST, 200});

    assertThat(image.getWidth()).isEqualTo(2);
    assertThat(red(image, 0, 0)).isLessThan(red(image, 1, 0));
    assertThat(red(image, 1, 0)).isLessThan(red(image, 0, 1));
    assertThat(image.getRGB(1, 1)).isEqualTo(image.getRGB(0, 1));
  }

  private static int red(BufferedImage image, int x, int y) {
    return image.getRGB(x, y) >> 16 & 0xFF;
  }
}
