package io.places.examples.kmeansmr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.mapreduce.Context;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ParsePointsTest {
  private final ParsePoints mapper = new ParsePoints();
  private final Blocks blocks = new Blocks();

  /** Gathers what is emitted. */
  private static final class Blocks implements Context<Integer, double[]> {
    private final List<double[]> emitted = new ArrayList<>();

    @Override
    public void emit(Integer dimensions, double[] block) {
      emitted.add(block);
    }

    @Override
    public void count(String name, long delta) {}

    @Override
    public String parameter(String name) {
      throw new IllegalArgumentException(name);
    }

    @Override
    public Optional<String> findParameter(String name) {
      return Optional.empty();
    }
  }

  private double[] parse(String... lines) {
    for (String line : lines) {
      mapper.map(0L, line, blocks);
    }
    mapper.cleanup(blocks);
    return blocks.emitted.stream().flatMapToDouble(Arrays::stream).toArray();
  }

  @Test
  void numbersOfAnyLengthAreTheNearestDoubles() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    List<String> texts =
        new ArrayList<>(
            List.of("0", "-0", "-0.0", "7", "-7.", ".5", "1e3", " 4 ", "+2", "0.1", "123456789012345", "9007199254740993",
                "0.000000000000001", "00000000000000000000.1", "1.7976931348623157E308"));
    for (int i = 0; i < 100_000; i++) {
      String digits = Long.toString(random.nextLong() >>> (1 + random.nextInt(63)));
      int point = random.nextInt(digits.length() + 1);
      texts.add((random.nextBoolean() ? "-" : "") + digits.substring(0, point) + "." + digits.substring(point));
    }
    texts.removeIf(text -> text.equals("-.") || text.equals("."));

    // compared by bits: -0.0 is not 0.0
    double[] expected = texts.stream().mapToDouble(Double::parseDouble).toArray();
    assertThat(parse(texts.toArray(String[]::new))).as("seed " + seed).isEqualTo(expected);
  }

  @Test
  void pointsAreCutAtCommasAndEmptyLinesLeftOut() {
    double[] all = new Random(1).doubles(30_000).toArray();
    String[] lines = new String[10_001];
    for (int i = 0; i < 10_000; i++) {
      lines[i] = all[3 * i] + "," + all[3 * i + 1] + "," + all[3 * i + 2];
    }
    lines[10_000] = " ";

    assertThat(parse(lines)).isEqualTo(all);
    assertThat(blocks.emitted).hasSizeGreaterThan(1).allMatch(block -> block.length % 3 == 0);
  }

  @Test
  void aPointOfOtherDimensionsOrNoNumberIsRefused() {
    parse("1,2");
    for (String line : List.of("1", "1,2,3", "1,2,")) {
      assertThatThrownBy(() -> mapper.map(0L, line, blocks))
          .hasMessageMatching("a point of [13] dimensions is among points of 2");
    }
    for (String line : List.of("1,", "1,x", "1,-", "1,.", "1,1.2.3")) {
      assertThatThrownBy(() -> new ParsePoints().map(0L, line, blocks))
          .isInstanceOf(NumberFormatException.class)
          .hasMessageEndingWith("' is no number; a line is a point: numbers with commas between them");
    }
    assertThatThrownBy(() -> mapper.map(0L, "1,NaN", blocks))
        .hasMessage("'NaN' is at no distance from anything");
  }
}
