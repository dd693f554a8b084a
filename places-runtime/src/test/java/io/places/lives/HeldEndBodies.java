package io.places.lives;

import io.places.ChannelClosedException;
import io.places.channel.PlaceChannel;
import io.places.channel.Received;
import io.places.node.Node;
import io.places.place.Place;

/** Bodies that hold an end of a channel that is not their own. */
final class HeldEndBodies {
  private HeldEndBodies() {}

  /** Who is to have an end, wherever in a message it is. */
  record Order(String wish, PlaceChannel<String, String> end) {}

  /** Says "here" on the end that it gets, and does then what it is told to. */
  static void hold(PlaceChannel<Void, Order> channel) {
    Order order = channel.get();
    order.end().put("here");
    end(order.wish());
  }

  /** As {@link #hold}, with an end that it is started with. */
  static void holdArgument(
      PlaceChannel<Void, Void> channel, String wish, PlaceChannel<String, String> end) {
    end.put("here");
    end(wish);
  }

  private static void end(String wish) {
    switch (wish) {
      case "return" -> {}
      case "exit" -> Place.exit(7);
      case "fail" -> throw new IllegalStateException("the kettle is empty");
      default -> waitForEver();
    }
  }

  private static void waitForEver() {
    PlaceChannel.pair(String.class, String.class).first().get();
  }

  /** Never gets what it is sent. */
  static void neverGet(PlaceChannel<String, Order> channel) {
    channel.put("here");
    waitForEver();
  }

  /** Answers a question when told to, with an end, and ends with 3 when nobody has that. */
  static void answerLater(PlaceChannel<Order, String> channel) {
    Received<String, Order> question = channel.receive();
    channel.get();
    var pair = PlaceChannel.pair(String.class, String.class);
    question.answer(new Order("late", pair.first()));
    try {
      pair.second().get();
    } catch (ChannelClosedException e) {
      Place.exit(3);
    }
  }

  /** Passes on what comes on the one end by the other. */
  static void relay(PlaceChannel<Void, Order> channel) {
    PlaceChannel<String, String> from = channel.get().end();
    PlaceChannel<String, String> to = channel.get().end();
    while (true) {
      to.put(from.get());
    }
  }

  /** Makes a channel, gives one end away, says three words on the other and returns. */
  static void make(PlaceChannel<Order, Void> channel) {
    var pair = PlaceChannel.pair(String.class, String.class);
    channel.put(new Order("yours", pair.first()));
    for (String word : new String[] {"one", "two", "three"}) {
      pair.second().put(word);
    }
  }

  /** Echoes for one client after the other. */
  static void serve(PlaceChannel<Void, PlaceChannel<String, String>> clients) {
    while (true) {
      PlaceChannel<String, String> client = clients.get();
      for (String word : client.messages()) {
        client.put(word);
      }
    }
  }

  /** Asks a named place of its own node once, says what it answered, and ends. */
  static void ask(PlaceChannel<String, Void> channel, String name) {
    var server = Node.current().named(name, String.class, String.class);
    server.put("hello");
    channel.put(server.get());
  }
}
