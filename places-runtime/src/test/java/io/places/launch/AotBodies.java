package io.places.launch;

import io.places.channel.PlaceChannel;
import io.places.node.Node;
import io.places.node.RemoteNode;
import io.places.place.Place;
import java.time.Duration;

/** A program that launches nodes, for a JVM of its own. */
final class AotBodies {
  private AotBodies() {}

  static void echo(PlaceChannel<String, String> creator) {
    creator.put("node says " + creator.get());
  }

  /** Arguments: how many nodes, and options for their JVMs. Prints what each of them replies. */
  public static void main(String[] arguments) {
    ProcessLauncher launcher = Launch.process();
    for (int i = 1; i < arguments.length; i++) {
      launcher = launcher.jvmOption(arguments[i]);
    }
    try (Node node = Node.start()) {
      for (RemoteNode each : node.launch(Integer.parseInt(arguments[0]), launcher)) {
        Place<String, String> place = each.place(AotBodies::echo);
        place.put("hello");
        System.out.println(place.get(Duration.ofSeconds(20)));
      }
    }
  }
}
