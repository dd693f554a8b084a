package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.ProtocolException;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LongValuesTest {

  @Test
  void aNumberIsWrittenAndReadAsItsMessageTypeDoes() {
    Random random = Seeds.random();
    for (int i = 0; i < 2_000; i++) {
      long value = i < 300 ? i - 150 : random.nextLong() >> random.nextInt(64);
      byte[] encoded = LongValues.TYPE.encode(value);
      byte[] written = new byte[encoded.length + 20];
      int end = LongValues.write(value, written, 7);

      assertThat(Arrays.copyOfRange(written, 7, end)).isEqualTo(encoded);
      assertThat(LongValues.size(value)).isEqualTo(encoded.length);
      assertThat(read(encoded)).isEqualTo(value);
    }
  }

  @Test
  void aNumberThatIsMissingOrFollowedByAnotherFieldIsReadAsItsMessageTypeDoes() {
    assertThat(read()).isEqualTo(LongValues.TYPE.decode(new byte[0], 0, 0));
    assertThat(read(8, 5, 0x10, 9)).isEqualTo(5);
    assertThat(read(8, 5, 8, 6)).isEqualTo(6);
  }

  @Test
  void bytesThatAreNoNumberAreRefused() {
    assertThatThrownBy(() -> read(8, 0x85)).isInstanceOf(ProtocolException.class);
    assertThatThrownBy(() -> read(0xFF)).isInstanceOf(ProtocolException.class);
  }

  private static long read(int... bytes) {
    byte[] encoded = new byte[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      encoded[i] = (byte) bytes[i];
    }
    return read(encoded);
  }

  private static long read(byte[] encoded) {
    Slice slice = new Slice();
    slice.set(encoded, 0, encoded.length);
    return LongValues.read(slice);
  }
}
