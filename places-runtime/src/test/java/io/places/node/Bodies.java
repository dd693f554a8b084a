package io.places.node;

import io.places.ChannelClosedException;
import io.places.channel.PlaceChannel;
import io.places.channel.Received;
import io.places.place.Place;
import io.places.place.PlaceBody;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Bodies for tests, each one behaviour. */
final class Bodies {
  private Bodies() {}

  static void echo(PlaceChannel<String, String> channel) {
    while (true) {
      channel.put(channel.get());
    }
  }

  /** Answers three questions in another order than they came in, each in a thread of its own. */
  static void answersBackwards(PlaceChannel<String, String> channel) throws InterruptedException {
    while (true) {
      List<Received<String, String>> questions =
          List.of(channel.receive(), channel.receive(), channel.receive());
      for (Received<String, String> each : questions.reversed()) {
        Thread.startVirtualThread(() -> each.answer("to " + each.message())).join();
      }
    }
  }

  static void echoBytes(PlaceChannel<byte[], byte[]> channel) {
    while (true) {
      channel.put(channel.get());
    }
  }

  static void upToSequence(PlaceChannel<Integer, Integer> channel) {
    int count = channel.get();
    for (int i = 0; i < count; i++) {
      channel.put(i);
    }
  }

  static void repeat(PlaceChannel<String, Void> channel, String word, Integer times) {
    for (int i = 0; i < times; i++) {
      channel.put(word + " " + i);
    }
  }

  static void processId(PlaceChannel<Long, Void> channel) {
    channel.put(ProcessHandle.current().pid());
  }

  static void exit42(PlaceChannel<String, Void> channel) {
    channel.put("last words");
    Place.exit(42);
  }

  static void exit300(PlaceChannel<Void, Void> channel) {
    Place.exit(300);
  }

  static void fail(PlaceChannel<String, Void> channel) {
    channel.put("before the failure");
    throw new IllegalStateException("the kettle is empty");
  }

  /** Takes its time, and says whether it was left in peace meanwhile. */
  static void worksAWhile(PlaceChannel<String, Void> channel) {
    LockSupport.parkNanos(200_000_000);
    channel.put(Thread.interrupted() ? "disturbed" : "done");
    System.out.println("it is done");
  }

  static void silent(PlaceChannel<String, String> channel) {
    channel.get();
  }

  /** Reads nothing before it is interrupted; then answers how many numbers came one after the other. */
  static void readsLate(PlaceChannel<Integer, Integer> channel) {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      // now
    }
    int next = 0;
    while (next < 1_000_000 && channel.get() == next) {
      next++;
    }
    channel.put(next);
  }

  static void tellsHowReadingFails(PlaceChannel<String, Void> channel) {
    try {
      channel.put("read " + System.in.read());
    } catch (IOException e) {
      channel.put(e.toString());
    }
  }

  static void print(PlaceChannel<Void, Void> channel) {
    System.out.println("one");
    System.out.print("two, ");
    System.out.println("three");
    System.err.println("four");
    System.out.print("five");
  }

  /** Answers each client's messages in turn, in capitals. */
  static void shouting(PlaceChannel<Void, PlaceChannel<String, String>> clients) {
    while (true) {
      PlaceChannel<String, String> client = clients.get();
      Thread.startVirtualThread(
          () -> {
            try {
              while (true) {
                client.put(client.get().toUpperCase(Locale.ROOT));
              }
            } catch (ChannelClosedException e) {
              // This client has heard enough.
            }
          });
    }
  }

  static final Semaphore RELEASED = new Semaphore(0);

  /** Lets nobody in, and does not hear that it was killed. */
  static void deafUntilReleased(PlaceChannel<Void, PlaceChannel<String, String>> clients) {
    RELEASED.acquireUninterruptibly();
  }

  /** Of the process that it runs in. */
  static void releasesADeafOne(PlaceChannel<Void, Void> channel) {
    RELEASED.release();
  }

  /** Talks to a named place of another node without its creator in between. */
  static void calls(PlaceChannel<String, String> channel, Integer port) {
    var address =
        new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    try (var shouting =
        Node.current().connect(address).named("shouting", String.class, String.class)) {
      shouting.put(channel.get());
      channel.put(shouting.get());
    }
  }

  static final AtomicInteger TICKS = new AtomicInteger();

  /** Ticks until it is killed. */
  static void ticks(PlaceChannel<String, String> channel) {
    Node.current()
        .every(
            Duration.ofMillis(2),
            () -> {
              TICKS.incrementAndGet();
              channel.put("tick");
            });
    channel.get();
  }

  /** Has a node of its own, whose place says something; tells when it has. */
  static void launchesOneThatLogs(PlaceChannel<String, String> channel) {
    RemoteNode child = Node.current().launch(Node.inThisJvm());
    Place<Void, Void> place = child.place(Bodies::logs);
    place.join(Duration.ofSeconds(20));
    channel.put("said");
    channel.get();
  }

  static void logs(PlaceChannel<Void, Void> channel) {
    Node.current().log(System.Logger.Level.WARNING, "far\naway\u001b[31m");
    channel.close();
  }

  /** Says a hundred things before each answer; a negative number ends it, after a last one. */
  static void logsAndDoubles(PlaceChannel<Integer, Integer> channel) throws InterruptedException {
    Node node = Node.current();
    for (int number = channel.get(); number >= 0; number = channel.get()) {
      for (int i = 0; i < 100; i++) {
        node.log(System.Logger.Level.INFO, "thing %d before the answer to %d".formatted(i, number));
      }
      channel.put(2 * number);
    }
    new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS); // there is room again for a few
    node.log(System.Logger.Level.INFO, "done");
  }

  /** Keeps all memory that there is, and leaves others time to find that there is none. */
  static void eatsAllMemory(PlaceChannel<Void, Void> channel) {
    long pause = Duration.ofMillis(50).toNanos(); // there will be no memory for a Duration, nor to find this class:
    LockSupport.parkNanos(1);
    Object eaten = "";
    while (true) {
      try {
        while (true) {
          eaten = new Object[] {eaten, new byte[100]};
        }
      } catch (OutOfMemoryError e) {
        LockSupport.parkNanos(pause);
      }
    }
  }

  /** Leaves half a megabyte. */
  static void keepsMostMemory(PlaceChannel<String, byte[]> channel) {
    List<byte[]> kept = new ArrayList<>(10_000);
    try {
      while (true) {
        kept.add(new byte[16 << 10]);
      }
    } catch (OutOfMemoryError e) {
      kept.subList(kept.size() - 32, kept.size()).clear();
    }
    channel.put("full");
    channel.get();
    channel.put("got it beside %d".formatted(kept.size()));
  }

  /** Lists the named places of a node. */
  static void listsNames(PlaceChannel<String, Integer> channel) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), channel.get());
    channel.put(String.join(" ", Node.current().connect(address).names()));
  }

  /** A body as a class. */
  static final class Adder implements PlaceBody<Integer, Integer> {
    private static final long serialVersionUID = 1L;

    @Override
    public void run(PlaceChannel<Integer, Integer> channel) {
      int sum = 0;
      for (int i = 0; i < 3; i++) {
        sum += channel.get();
      }
      channel.put(sum);
    }
  }

  static List<Integer> numbers(int count) {
    return IntStream.range(0, count).boxed().toList();
  }
}
