package io.places.node;

import io.places.channel.PlaceChannel;
import io.places.place.Place;
import io.places.place.PlaceStreams;
import java.time.Duration;

/**
 * The main class of a JVM that makes an AOT cache: does once what a launched node does from its start to
 * its first reply, and what its owner does meanwhile, while the JVM looks on.
 */
final class AotTraining {
  private static final Duration LIMIT = Duration.ofSeconds(20);

  private AotTraining() {}

  static void main() {
    PlaceStreams.install();
    try (Node node = Node.start()) {
      RemoteNode other = node.launch(Node.inThisJvm());
      Place<String, String> echo = other.place(AotTraining::echo);
      echo.put("hello");
      echo.get(LIMIT);
      echo.join(LIMIT);
    }
  }

  static void echo(PlaceChannel<String, String> creator) {
    creator.put(creator.get());
    System.out.println("said");
  }
}
