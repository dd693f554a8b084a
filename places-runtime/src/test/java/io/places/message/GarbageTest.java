package io.places.message;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.ProtocolException;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Bytes that a peer got wrong end in a value or a ProtocolException, never in anything else. */
class GarbageTest {
  private static final int TYPES = 100;
  private static final int MUTATIONS = 2_000;

  @Test
  void mutatedMessagesAreReadOrRefused() {
    long seed = System.nanoTime();
    System.out.println("test.seed=" + seed);
    RandomMessages messages = new RandomMessages(seed);
    Random random = new Random(seed);
    int refused = 0;
    for (int i = 0; i < TYPES; i++) {
      Type type = messages.type(1 + i % 3);
      MessageType<?> messageType = MessageType.of(type);
      byte[] valid = encode(messageType, messages.value(type));
      for (int j = 0; j < MUTATIONS; j++) {
        byte[] bytes = mutate(valid, random);
        try {
          messageType.decode(bytes, 0, bytes.length);
        } catch (ProtocolException e) {
          refused++;
        }
      }
    }
    assertThat(refused).isGreaterThan(TYPES);
  }

  private static <T> byte[] encode(MessageType<T> type, Object value) {
    return type.encode(type.check(value));
  }

  private static byte[] mutate(byte[] valid, Random random) {
    byte[] bytes = Arrays.copyOf(valid, Math.max(0, valid.length + random.nextInt(9) - 4));
    for (int i = random.nextInt(4); i >= 0 && bytes.length > 0; i--) {
      int at = random.nextInt(bytes.length);
      bytes[at] =
          (byte) (random.nextBoolean() ? bytes[at] ^ (1 << random.nextInt(8)) : random.nextInt(256));
    }
    return bytes;
  }
}
