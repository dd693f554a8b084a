package io.places.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.Clock;
import io.places.wire.Connection;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a sender that keeps to the window may have unread at its peer. */
class ConnectionWindowTest {
  private static final int MIB = 1 << 20;

  private static ConnectionWindow announced(long bytes) {
    var window = new ConnectionWindow(Clock.system());
    window.announced(bytes);
    return window;
  }

  private static boolean offer(ConnectionWindow window, int size) throws InterruptedException {
    return window.take(size, 0, () -> true);
  }

  /** The least budget that a node with such a window has is two of them. */
  @ParameterizedTest
  @ValueSource(ints = {4, 8, 64})
  void messagesInAnyOrderStayBelowThePeersBudget(int mebibytes) throws InterruptedException {
    long window = (long) mebibytes * MIB;
    long seed = new Random().nextLong();
    RandomGenerator random = new Random(seed);
    for (int round = 0; round < 50; round++) {
      ConnectionWindow left = announced(window);
      long unread = 0;
      int refused = 0;
      while (refused < 30) {
        int size =
            random.nextBoolean()
                ? Connection.SMALL_MESSAGE
                : random.nextInt(1, (int) window >> random.nextInt(4));
        if (offer(left, size)) {
          unread += Connection.cost(size);
          refused = 0;
        } else {
          refused++;
        }
      }
      assertThat(unread).as("unread, with seed %d", seed).isLessThan(2 * window);
    }
  }

  @Test
  void smallMessagesPassWhenLargeOnesHaveUsedUpTheWindow() throws InterruptedException {
    ConnectionWindow window = announced(64 * MIB);
    while (offer(window, 5 * MIB)) {
      assertThat(offer(window, Connection.SMALL_MESSAGE)).isTrue();
    }
    for (int bytes = 0; bytes < 58 * MIB; bytes += Connection.SMALL_MESSAGE) {
      assertThat(offer(window, Connection.SMALL_MESSAGE)).isTrue();
    }
  }

  @Test
  void noMoreIsLeftThanThePeerHasAnnounced() throws InterruptedException {
    ConnectionWindow window = announced(8 * MIB);
    window.grant(32 * MIB); // for what was on its way when an end moved
    assertThat(offer(window, 8 * MIB - 64)).isTrue();
    assertThat(offer(window, 2 * Connection.SMALL_MESSAGE)).isFalse();
  }

  @Test
  void theLargestMessagePassesChannelsOfWhichNobodyReads() throws InterruptedException {
    ConnectionWindow window = announced(64 * MIB);
    for (int channel = 0; channel < 3; channel++) {
      assertThat(offer(window, 8 * MIB)).isTrue();
    }
    assertThat(offer(window, Connection.MAX_MESSAGE)).isTrue();
    assertThat(offer(window, 2 * Connection.SMALL_MESSAGE)).isFalse();
    assertThat(offer(window, Connection.SMALL_MESSAGE)).isTrue();
  }

  @Test
  void theLargestMessageGoesWhenAllIsGotAndGrantedInLumpsOfAQuarter() throws InterruptedException {
    ConnectionWindow window = announced(8 * MIB);
    assertThat(offer(window, 3 * MIB / 2)).isTrue(); // too little to be granted again
    assertThat(offer(window, Connection.MAX_MESSAGE)).isTrue();
    assertThat(offer(window, Connection.MAX_MESSAGE)).isFalse();
    assertThat(offer(window, Connection.SMALL_MESSAGE)).isFalse();
  }
}
