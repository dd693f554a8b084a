package io.places.node;

import io.places.ChannelClosedException;
import io.places.channel.PlaceChannel;
import io.places.place.Place;
import io.places.place.PlaceBody;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** Bodies for tests, each one behaviour. */
final class Bodies {
  private Bodies() {}

  static void echo(PlaceChannel<String, String> channel) {
    while (true) {
      channel.put(channel.get());
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

  static void silent(PlaceChannel<String, String> channel) {
    channel.get();
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
