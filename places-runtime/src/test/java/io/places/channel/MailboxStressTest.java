package io.places.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.places.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Many threads at one mailbox: nothing is lost, doubled or put out of order, and nobody sleeps on. */
class MailboxStressTest {
  private static final int MESSAGES = 24_000;
  private static final long PATIENT = 50_000_000_000L; // longer than the test may last
  private static final long NO_BYTE_BOUND = Long.MAX_VALUE;

  private record Message(int putter, int number) {}

  private enum Wait {
    LONG,
    SHORT,
    NONE
  }

  @ParameterizedTest
  @CsvSource({
    "virtual, 1, 1, 1", "virtual, 1, 1, 1024", "virtual, 4, 4, 3", "virtual, 8, 1, 2", "virtual, 1, 8, 2",
    "platform, 1, 1, 1", "platform, 1, 1, 1024", "platform, 4, 4, 3", "platform, 3, 1, 2", "mixed, 4, 4, 2"
  })
  void everyMessageIsTakenOnceAndInOrder(String threads, int putters, int takers, int bound)
      throws Exception {
    var mailbox = new Mailbox<Message>(Clock.system(), message -> 1, bound, NO_BYTE_BOUND);
    var taken = new ConcurrentLinkedQueue<List<Message>>();
    try (var virtual = Executors.newVirtualThreadPerTaskExecutor();
        var platform = Executors.newCachedThreadPool()) {
      List<Future<?>> tasks = new ArrayList<>();
      for (int i = 0; i < putters; i++) {
        int putter = i;
        int share = MESSAGES / putters;
        var executor = threads.equals("platform") ? platform : virtual;
        tasks.add(executor.submit(() -> put(mailbox, putter, share)));
      }
      for (int i = 0; i < takers; i++) {
        int share = MESSAGES / takers;
        var executor = threads.equals("virtual") ? virtual : platform;
        tasks.add(executor.submit(() -> taken.add(take(mailbox, share))));
      }
      for (Future<?> task : tasks) {
        task.get();
      }
    }

    assertThat(mailbox.size()).isZero();
    assertThat(taken.stream().mapToInt(List::size).sum()).isEqualTo(MESSAGES);
    assertThat(taken.stream().flatMap(List::stream).distinct().count()).isEqualTo(MESSAGES);
    assertThat(taken).allSatisfy(MailboxStressTest::inOrderOfEachPutter);
  }

  private static Void put(Mailbox<Message> mailbox, int putter, int count)
      throws InterruptedException {
    for (int i = 0; i < count; i++) {
      var message = new Message(putter, i);
      boolean put = mailbox.put(message, limit(i));
      while (!put) {
        put = mailbox.put(message, PATIENT);
      }
    }
    return null;
  }

  private static List<Message> take(Mailbox<Message> mailbox, int count)
      throws InterruptedException {
    List<Message> all = new ArrayList<>();
    while (all.size() < count) {
      Message message = mailbox.take(limit(all.size()));
      if (message == null) {
        message = mailbox.take(PATIENT);
      }
      assertThat(message).as("what came within %s ns", PATIENT).isNotNull();
      all.add(message);
    }
    return all;
  }

  /** Waits that end in time, that are given up just when something comes, and none: in turn. */
  private static long limit(int turn) {
    return switch (Wait.values()[turn % Wait.values().length]) {
      case LONG -> PATIENT;
      case SHORT -> 2_000;
      case NONE -> 0;
    };
  }

  private static void inOrderOfEachPutter(List<Message> messages) {
    int[] last = new int[16];
    for (Message message : messages) {
      assertThat(message.number() + 1).isGreaterThan(last[message.putter()]);
      last[message.putter()] = message.number() + 1;
    }
  }

  @Test
  void whatIsDeliveredBeyondTheBoundsWhileOthersTakeStaysInOrder() throws Exception {
    for (int round = 0; round < 200; round++) {
      var mailbox = new Mailbox<Integer>(Clock.system(), message -> 1, 1, 1);
      try (var executor = Executors.newCachedThreadPool()) {
        Future<?> deliveries =
            executor.submit(
                () -> {
                  for (int i = 0; i < 1_000; i++) {
                    mailbox.deliver(i);
                  }
                });
        for (int i = 0; i < 1_000; i++) {
          assertThat(mailbox.take(PATIENT)).isEqualTo(i);
        }
        deliveries.get();
      }
    }
  }
}
