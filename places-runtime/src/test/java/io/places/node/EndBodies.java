package io.places.node;

import io.places.channel.PlaceChannel;
import io.places.message.SharedLongs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Bodies that are sent ends of channels, and send them. */
final class EndBodies {
  private EndBodies() {}

  /** An end, and whom to give it to. */
  record Errand(
      PlaceChannel<String, String> end, PlaceChannel<PlaceChannel<String, String>, Void> to) {}

  /** Ends wherever a message can hold one. */
  record Bundle(
      String name,
      PlaceChannel<Integer, Void> end,
      List<PlaceChannel<Integer, Void>> list,
      Map<String, PlaceChannel<Integer, Void>> map,
      Optional<PlaceChannel<Integer, Void>> optional) {}

  /** Both ends of one channel. */
  record Both(PlaceChannel<String, String> first, PlaceChannel<String, String> second) {}

  /** An end that is sent by itself. */
  record Own(Optional<PlaceChannel<Own, Own>> end) {}

  /** Echoes on the end that it gets; what comes on its own channel afterwards does not matter. */
  static void echoOn(PlaceChannel<Void, PlaceChannel<String, String>> channel) {
    PlaceChannel<String, String> end = channel.get();
    while (true) {
      end.put(end.get());
    }
  }

  /** Says hello on each end that it gets. */
  static void sayHelloOnEach(PlaceChannel<Void, PlaceChannel<String, String>> channel) {
    while (true) {
      channel.get().put("hello");
    }
  }

  /** Gives away what it gets, and stays. */
  static void runErrands(PlaceChannel<String, Errand> channel) {
    while (true) {
      Errand errand = channel.get();
      errand.to().put(errand.end());
      channel.put("done");
    }
  }

  /** Sends ends back as they are. */
  static void sendBack(PlaceChannel<PlaceChannel<String, String>, PlaceChannel<String, String>> channel) {
    while (true) {
      channel.put(channel.get());
    }
  }

  /** Puts 1, 2, 3 and so on, on every end of each bundle. */
  static void fill(PlaceChannel<String, Bundle> channel) {
    while (true) {
      Bundle bundle = channel.get();
      bundle.end().put(1);
      bundle.list().forEach(end -> end.put(2));
      bundle.map().values().forEach(end -> end.put(3));
      bundle.optional().ifPresent(end -> end.put(4));
      channel.put(bundle.name());
    }
  }

  /** Talks to itself by the two ends. */
  static void talkToItself(PlaceChannel<String, Both> channel) {
    Both both = channel.get();
    both.first().put("out loud");
    channel.put(both.second().get());
    both.second().put("and back");
    channel.put(both.first().get());
    channel.get();
  }

  /** Gets ends and forgets them. */
  static void drop(PlaceChannel<Integer, PlaceChannel<String, String>> channel) {
    for (int i = 1; ; i++) {
      channel.get();
      if (i % 1_000 == 0) {
        channel.put(i);
      }
    }
  }

  /** An end of a stream of numbers on its way around: whoever has it reads some and hands it on. */
  record Stream(PlaceChannel<Integer, Integer> end, int next) {}

  /** Reads as many numbers as it is told, which must be the next ones, and gives the stream back. */
  static void readSome(PlaceChannel<Stream, Stream> channel, Integer count) {
    while (true) {
      Stream stream = channel.get();
      for (int i = 0; i < count; i++) {
        int got = stream.end().get();
        if (got != stream.next() + i) {
          throw new IllegalStateException(
              "number %d came where %d was expected".formatted(got, stream.next() + i));
        }
        stream.end().put(got);
      }
      channel.put(new Stream(stream.end(), stream.next() + count));
    }
  }

  /** Makes a channel and sends its ends away, one after the other. */
  static void makePair(PlaceChannel<PlaceChannel<String, String>, Void> channel) {
    var pair = PlaceChannel.pair(String.class, String.class);
    pair.first().put("from the first");
    channel.put(pair.first());
    pair.second().put("from the second");
    channel.put(pair.second());
    channel.get();
  }

  /** Says one word on the end that it was started with, and waits to be told to end. */
  static void sayOn(PlaceChannel<Void, String> channel, PlaceChannel<String, Void> end) {
    end.put("an argument");
    channel.get();
  }

  /** Never gets anything. */
  static void neverGets(PlaceChannel<Void, PlaceChannel<String, String>> channel)
      throws InterruptedException {
    Thread.currentThread().join();
  }

  static void closeIt(PlaceChannel<Void, PlaceChannel<String, String>> channel) {
    PlaceChannel<String, String> end = channel.get();
    end.put("last words");
    end.close();
    channel.get();
  }

  /** Asks on the end that it gets, and sends on the answers. */
  static void askOn(PlaceChannel<String, PlaceChannel<String, String>> channel) {
    PlaceChannel<String, String> end = channel.get();
    for (int i = 0; i < 3; i++) {
      channel.put(end.ask("question " + i, Duration.ofSeconds(20)));
    }
    channel.get();
  }

  /** Asks again and again. */
  static void askAlways(PlaceChannel<String, PlaceChannel<String, String>> channel) {
    PlaceChannel<String, String> end = channel.get();
    channel.put(end.ask("first", Duration.ofSeconds(20)));
    while (true) {
      end.ask("again", Duration.ofSeconds(20));
    }
  }

  /** Gets what there is on each end as soon as it has the end; says how long it was. */
  static void readAtOnce(PlaceChannel<Integer, PlaceChannel<byte[], byte[]>> channel) {
    while (true) {
      PlaceChannel<byte[], byte[]> end = channel.get();
      channel.put(end.get().length);
      channel.put(end.get().length);
    }
  }

  static void pass(PlaceChannel<Stream, Stream> channel) {
    while (true) {
      channel.put(channel.get());
    }
  }

  /** An end in a message. */
  record Carried(PlaceChannel<String, String> end) {}

  /** The end that such messages come to. */
  record Around(PlaceChannel<Void, Carried> end) {}

  static void passAround(PlaceChannel<Around, Around> channel) {
    while (true) {
      channel.put(channel.get());
    }
  }

  static void echoOwn(PlaceChannel<Own, Own> channel) {
    while (true) {
      channel.put(channel.get());
    }
  }

  static void sharers(PlaceChannel<Void, PlaceChannel<String, SharedLongs>> channel) {
    channel.get().get();
  }
}
