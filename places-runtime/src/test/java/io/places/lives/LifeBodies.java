package io.places.lives;

import io.places.InterruptKind;
import io.places.PlaceInterruptedException;
import io.places.channel.PlaceChannel;
import io.places.node.Node;
import io.places.place.Place;
import io.places.place.PlaceBody;
import io.places.place.PlaceLocal;

/** Bodies of which each shows one thing about the life of a place. */
final class LifeBodies {
  static int count; // deliberately static: who shares it?

  private static final PlaceLocal<StringBuilder> NOTES = PlaceLocal.withInitial(StringBuilder::new);

  private LifeBodies() {}

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

  /** Adds to what it gets. */
  static void adds(PlaceChannel<Integer, Integer> channel, Integer first, Integer second) {
    for (int number : channel.messages()) {
      channel.put(number + first + second);
    }
  }

  static void results(PlaceChannel<Integer, Void> channel, Integer count, Integer code) {
    for (int i = 0; i < count; i++) {
      channel.put(i);
    }
    Place.exit(code);
  }

  /** Waits for its creator, but ends by another channel's close. */
  static void endsByAnotherChannel(PlaceChannel<Void, String> channel) {
    PlaceChannel.Pair<String, String> own = PlaceChannel.pair(String.class, String.class);
    own.first().close();
    own.second().get();
  }

  static void speaksWhenTold(PlaceChannel<String, String> channel) {
    String message = channel.get();
    if (!message.isEmpty()) {
      channel.put(message);
    }
  }

  static void exit(PlaceChannel<Void, Void> channel, Integer code) {
    Place.exit(code);
  }

  static void fail(PlaceChannel<String, Void> channel, String why) {
    channel.put("before");
    throw new IllegalStateException(why);
  }

  static void countUp(PlaceChannel<Integer, Void> channel) {
    count++;
    channel.put(count);
  }

  static void notes(PlaceChannel<String, String> channel) {
    for (int i = 0; i < 2; i++) {
      NOTES.get().append(channel.get());
    }
    channel.put(NOTES.get().toString());
  }

  static void waits(PlaceChannel<String, Void> channel) {
    channel.put("waiting");
    while (true) {
      channel.get();
    }
  }

  /** Never looks at its interrupts. */
  static void spins(PlaceChannel<String, Integer> channel) {
    channel.put("spinning");
    while (count >= 0) {
      Thread.onSpinWait();
    }
  }

  static void survivesInterrupts(PlaceChannel<String, String> channel) {
    channel.put("ready");
    while (true) {
      try {
        channel.put("got " + channel.get());
      } catch (PlaceInterruptedException e) {
        channel.put("interrupted by " + e.kind());
        if (e.kind() == InterruptKind.TERMINATE) {
          return;
        }
      }
    }
  }

  static void lastWords(PlaceChannel<String, Void> channel, Boolean hookFails) {
    Place.atExit(() -> channel.put("last"));
    Place.atExit(
        () -> {
          if (hookFails) {
            throw new IllegalStateException("hook");
          }
          channel.put("next to last");
        });
    channel.put("first");
  }

  static void lastWordsThen(PlaceChannel<String, Void> channel, String what) {
    Place.atExit(() -> channel.put("last words"));
    if (what.equals("exit")) {
      Place.exit(9);
    }
    throw new IllegalStateException(what);
  }

  static void hookAndWait(PlaceChannel<String, Void> channel) {
    Place.atExit(() -> channel.put("must not come"));
    channel.put("waiting");
    channel.get();
  }

  /** Starts a place that waits, tells when it does, and ends. */
  static void parent(PlaceChannel<String, String> channel) {
    Place<Void, String> child = Node.current().place(LifeBodies::child);
    channel.put(child.get());
    channel.get();
  }

  static void child(PlaceChannel<String, Void> parent) {
    ChildWatch.RUNNING.incrementAndGet();
    try {
      parent.put("child runs");
      parent.get();
    } finally {
      ChildWatch.RUNNING.decrementAndGet();
    }
  }

  /** A body as a class. */
  static final class Twice implements PlaceBody<Integer, Integer> {
    private static final long serialVersionUID = 1L;

    @Override
    public void run(PlaceChannel<Integer, Integer> channel) {
      while (true) {
        channel.put(2 * channel.get());
      }
    }
  }
}
