package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KeyHashTest {

  @Test
  void theHashIsTheSameInEveryRelease() {
    assertThat(hash("")).isEqualTo(0x0L);
    assertThat(hash("a")).isEqualTo(0x1AB7D1D0779DAD0DL);
    assertThat(hash("12345678")).isEqualTo(0xE7B6924ADC274C28L);
    assertThat(hash("a longer key, of several words")).isEqualTo(0xDC6A50C84DBE4852L);
  }

  @Test
  void theHashLooksAtTheGivenBytesOnly() {
    byte[] bytes = "xxkeyyy".getBytes(StandardCharsets.UTF_8);

    assertThat(KeyHash.of(bytes, 2, 3)).isEqualTo(hash("key"));
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 5, 7, 64, 100})
  void keysThatDifferByLittleSpreadEvenly(int partitions) {
    int keys = 20_000;
    int[] counts = new int[partitions];
    for (int i = 0; i < keys; i++) {
      counts[KeyHash.reduce(hash("key" + i), partitions)]++;
    }

    // Each count is within five standard deviations of what an even hash gives.
    double even = (double) keys / partitions;
    assertThat(counts)
        .satisfies(
            all -> {
              for (int count : all) {
                assertThat((double) count)
                    .isBetween(even - 5 * Math.sqrt(even), even + 5 * Math.sqrt(even));
              }
            });
  }

  @Test
  void keysThatDifferInZeroBytesDifferInTheirHash() {
    assertThat(KeyHash.of(new byte[3], 0, 1)).isNotEqualTo(KeyHash.of(new byte[3], 0, 2));
  }

  private static long hash(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    return KeyHash.of(bytes, 0, bytes.length);
  }
}
