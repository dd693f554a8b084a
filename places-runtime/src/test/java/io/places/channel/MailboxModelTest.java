package io.places.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.ChannelClosedException;
import io.places.Clock;
import java.util.ArrayDeque;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;

/** A mailbox does what a plain queue with two sums does, for any order of operations. */
class MailboxModelTest {
  private static final int MESSAGE_BOUND = 9;
  private static final int BYTE_BOUND = 40;
  private static final int STEPS = 20_000;

  @RepeatedTest(5)
  void aMailboxAgreesWithASimpleModel() throws InterruptedException {
    long seed = System.nanoTime();
    System.out.println("seed of the mailbox model: " + seed);
    var random = new Random(seed);

    var mailbox = new Mailbox<Integer>(Clock.system(), m -> m, MESSAGE_BOUND, BYTE_BOUND);
    var model = new ArrayDeque<Integer>();
    for (int step = 0; step < STEPS; step++) {
      int message = random.nextInt(12);
      switch (random.nextInt(7)) {
        case 0, 1 -> assertThat(mailbox.put(message, 0)).isEqualTo(modelPut(model, message));
        case 2 -> {
          if (model.size() < 100) {
            mailbox.deliver(message);
            model.add(message);
          }
        }
        case 3, 4 -> assertThat(mailbox.poll()).isEqualTo(model.poll());
        case 5 -> assertThat(mailbox.take(0)).isEqualTo(model.poll());
        default -> {
          assertThat(mailbox.arrivals().isReady()).isEqualTo(!model.isEmpty());
          assertThat(mailbox.room().isReady()).isEqualTo(!isFull(model));
        }
      }
      assertThat(mailbox.size()).isEqualTo(model.size());
    }

    mailbox.close(() -> new ChannelClosedException("over"));
    mailbox.deliver(1);
    while (!model.isEmpty()) {
      assertThat(mailbox.take(0)).isEqualTo(model.poll());
    }
    assertThatThrownBy(mailbox::poll).hasMessage("over");
    assertThatThrownBy(() -> mailbox.put(1, 0)).hasMessage("over");
  }

  private static boolean modelPut(ArrayDeque<Integer> model, int message) {
    return !isFull(model) && model.add(message);
  }

  private static boolean isFull(ArrayDeque<Integer> model) {
    return model.size() >= MESSAGE_BOUND
        || model.stream().mapToInt(Integer::intValue).sum() >= BYTE_BOUND;
  }
}
