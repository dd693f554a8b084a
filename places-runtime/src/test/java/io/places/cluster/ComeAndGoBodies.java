package io.places.cluster;

import io.places.InterruptKind;
import io.places.PlaceInterruptedException;
import io.places.channel.PlaceChannel;
import io.places.launch.Launch;
import io.places.node.Node;
import io.places.node.RemoteNode;
import io.places.place.Place;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Bodies for the tests of nodes that come and go. */
final class ComeAndGoBodies {
  private ComeAndGoBodies() {}

  /** Launches a node with a place that nothing can stop; says its process id. */
  static void owns(PlaceChannel<Long, Void> channel) {
    RemoteNode child = Node.current().launch(Launch.process());
    Place<Void, String> deaf = child.place(ComeAndGoBodies::deaf);
    deaf.get();
    channel.put(child.processId());
    channel.get();
  }

  /** Launches a node and has an echo there; passes on what that says, and where it does. */
  static void ownsAnEcho(PlaceChannel<String, String> channel) {
    RemoteNode child = Node.current().launch(Launch.process());
    Place<String, String> echo = child.place(ClusterBodies::echo);
    while (true) {
      channel.put(echo.ask(channel.get(), Duration.ofSeconds(20)) + ", by process " + child.processId());
    }
  }

  /** Runs on, whatever it is told. */
  static void deaf(PlaceChannel<String, Void> channel) {
    channel.put("here");
    while (true) {
      LockSupport.parkNanos(1_000_000);
      Thread.interrupted();
    }
  }

  /** Uses the named place 'shouting' of another node, and leaves. */
  static void visits(PlaceChannel<String, Integer> channel) {
    var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), channel.get());
    try (RemoteNode visited = Node.current().connect(address)) {
      channel.put(visited.named("shouting", String.class, String.class).ask("hello", Duration.ofSeconds(20)));
    }
  }

  /** Takes its time for each of ten words; they come after nobody asks for them any more. */
  static void works(PlaceChannel<String, Void> channel) {
    for (int i = 0; i < 10; i++) {
      LockSupport.parkNanos(20_000_000);
      channel.put("word " + i);
    }
    System.out.println("all words said");
  }

  /** Ends when it is told to, with a last word. */
  static void obeys(PlaceChannel<String, Void> channel) {
    try {
      channel.put("here");
      channel.get();
    } catch (PlaceInterruptedException e) {
      channel.put("told to end by " + e.kind());
      if (e.kind() == InterruptKind.TERMINATE) {
        Place.exit(5);
      }
    }
  }

  /** Ends the whole process of its node. */
  static void exitsTheJvm(PlaceChannel<Void, Void> channel) {
    System.exit(7);
  }

  static void shouting(PlaceChannel<Void, PlaceChannel<String, String>> clients) {
    while (true) {
      PlaceChannel<String, String> client = clients.get();
      client.put(client.get().toUpperCase(java.util.Locale.ROOT));
    }
  }
}
