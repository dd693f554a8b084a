package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class KeySortTest {

  @RepeatedTest(20)
  void keysAreSortedByPartitionThenBytesThenArrival() {
    Random random = Seeds.random();
    int partitions = 1 + random.nextInt(4);
    List<byte[]> keys = new ArrayList<>();
    List<Integer> partition = new ArrayList<>();
    for (int i = random.nextInt(500); i > 0; i--) {
      keys.add(randomKey(random));
      partition.add(random.nextInt(partitions));
    }

    assertThat(sorted(keys, partition, partitions))
        .containsExactlyElementsOf(
            IntStream.range(0, keys.size())
                .boxed()
                .sorted(
                    Comparator.<Integer, Integer>comparing(partition::get)
                        .thenComparing(keys::get, Arrays::compareUnsigned))
                .toList());
  }

  @RepeatedTest(20)
  void wordsMadeOfFewSyllablesAreSorted() {
    // The same four bytes at many depths, so that groups at one depth look like groups at another.
    Random random = Seeds.random();
    String[] syllables = {"read", "byte", "rr", "a", "y"};
    List<byte[]> keys = new ArrayList<>();
    for (int i = 0; i < 3000; i++) {
      StringBuilder word = new StringBuilder();
      for (int k = random.nextInt(8); k >= 0; k--) {
        word.append(syllables[random.nextInt(syllables.length)]);
      }
      keys.add(word.toString().getBytes(StandardCharsets.UTF_8));
    }

    assertThat(sorted(keys, zeros(keys.size()), 1))
        .containsExactlyElementsOf(
            IntStream.range(0, keys.size())
                .boxed()
                .sorted(Comparator.comparing(keys::get, Arrays::compareUnsigned))
                .toList());
  }

  @Test
  void aKeyComesBeforeItsContinuationWithZeros() {
    List<byte[]> keys =
        List.of(new byte[] {1, 0, 0}, new byte[] {1}, new byte[] {1, 0}, new byte[0]);

    assertThat(sorted(keys, List.of(0, 0, 0, 0), 1)).containsExactly(3, 1, 2, 0);
  }

  @Test
  void manyEqualLongKeysAreSortedByArrival() {
    List<byte[]> keys = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      keys.add(new byte[5000]);
    }

    assertThat(sorted(keys, zeros(keys.size()), 1))
        .containsExactlyElementsOf(IntStream.range(0, keys.size()).boxed().toList());
  }

  @Test
  void keysThatEachContinueTheOneBeforeNeedNoDeepStack() throws InterruptedException {
    List<byte[]> keys = new ArrayList<>();
    for (int i = 2000; i > 0; i--) {
      keys.add(new byte[4 * i]);
    }
    List<Integer> sorted = new ArrayList<>();
    Thread small =
        new Thread(
            null, () -> sorted.addAll(sorted(keys, zeros(keys.size()), 1)), "small", 256 << 10);
    small.start();
    small.join();

    assertThat(sorted)
        .containsExactlyElementsOf(IntStream.range(0, 2000).map(i -> 1999 - i).boxed().toList());
  }

  /** Keys of few different bytes, so that many share a prefix and many are equal. */
  private static byte[] randomKey(Random random) {
    byte[] key = new byte[random.nextInt(14)];
    byte[] alphabet = {0, 'a', -1};
    for (int i = 0; i < key.length; i++) {
      key[i] = alphabet[random.nextInt(i < 6 ? 1 : 3)];
    }
    return key;
  }

  private static List<Integer> zeros(int count) {
    return Collections.nCopies(count, 0);
  }

  private static List<Integer> sorted(List<byte[]> keys, List<Integer> partition, int partitions) {
    KeyStore store = new KeyStore();
    for (int i = 0; i < keys.size(); i++) {
      store.add(keys.get(i), partition.get(i));
    }
    return Arrays.stream(store.sorted(partitions)).boxed().toList();
  }
}
