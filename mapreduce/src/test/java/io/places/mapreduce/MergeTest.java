package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class MergeTest {

  @RepeatedTest(20)
  void equalKeysComeInTheOrderOfTheirRuns() {
    Random random = Seeds.random();
    List<Pair> all = new ArrayList<>();
    List<RunReader> readers = new ArrayList<>();
    for (int run = random.nextInt(9); run > 0; run--) {
      List<Pair> pairs = new ArrayList<>();
      for (int i = random.nextInt(30); i > 0; i--) {
        pairs.add(new Pair(key(random), all.size() + pairs.size() + ""));
      }
      pairs.sort(Comparator.comparing(Pair::key));
      all.addAll(pairs);
      readers.add(Pair.reader(Pair.run(pairs)));
    }

    all.sort(Comparator.comparing(Pair::key)); // a stable sort of what came run by run
    assertThat(Pair.all(new Merge(readers))).isEqualTo(all);
  }

  /** Of which many are equal, and many differ in their first, eighth, or ninth byte, or by a zero at the end. */
  private static String key(Random random) {
    String end = random.nextBoolean() ? "" : "" + (char) random.nextInt(256);
    return "k".repeat(random.nextInt(2) * (6 + random.nextInt(4))) + end + "\0".repeat(random.nextInt(3));
  }

  @Test
  void nothingToMergeIsNothing() {
    assertThat(Pair.all(new Merge(List.of()))).isEmpty();
    assertThat(Pair.all(new Merge(List.of(Pair.reader(Pair.run(List.of())))))).isEmpty();
  }

  @Test
  void theEndStaysTheEnd() {
    Merge merge = new Merge(List.of(Pair.reader(Pair.run(List.of(new Pair("a", "1"))))));

    assertThat(merge.next()).isTrue();
    assertThat(merge.next()).isFalse();
    assertThat(merge.next()).isFalse();
  }
}
