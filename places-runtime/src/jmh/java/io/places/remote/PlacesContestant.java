package io.places.remote;

import io.places.channel.PlaceChannel;
import io.places.launch.Launch;
import io.places.node.Node;
import io.places.node.RemoteNode;
import io.places.place.Place;
import java.time.Duration;
import java.util.Map;

/** Channels to a place on another node. */
final class PlacesContestant implements Contestant {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  static void echo(PlaceChannel<byte[], byte[]> parent) {
    while (true) {
      parent.put(parent.get());
    }
  }

  /** Answers an empty message by how many others came before it. */
  static void count(PlaceChannel<Integer, byte[]> parent) {
    for (int count = 0; ; ) {
      if (parent.get().length > 0) {
        count++;
      } else {
        parent.put(count);
        count = 0;
      }
    }
  }

  static void countDoubles(PlaceChannel<Integer, double[]> parent) {
    for (int count = 0; ; ) {
      if (parent.get().length > 0) {
        count++;
      } else {
        parent.put(count);
        count = 0;
      }
    }
  }

  /** The other node is launched from here: it needs no start of its own. */
  @Override
  public String serve() {
    return "";
  }

  @Override
  public Map<Discipline, Run> connect(String address) {
    RemoteNode node = Node.start().launch(Launch.process());
    Place<byte[], byte[]> echo = node.place(PlacesContestant::echo);
    Place<byte[], Integer> counter = node.place(PlacesContestant::count);
    Place<double[], Integer> bulk = node.place(PlacesContestant::countDoubles);
    byte[] message = new byte[Discipline.SIZE];
    double[] block = new double[Discipline.BULK_SIZE / Double.BYTES];
    return Map.of(
        Discipline.ROUND_TRIP_1,
        times -> {
          for (int i = 0; i < times; i++) {
            echo.ask(message, LIMIT);
          }
        },
        Discipline.ROUND_TRIP_64,
        times ->
            Callers.virtual(
                Discipline.OUTSTANDING, times, () -> echo.ask(message, LIMIT)),
        Discipline.ONE_WAY,
        times -> {
          for (int i = 0; i < times; i++) {
            counter.put(message);
          }
          counter.put(new byte[0]);
          Callers.requireAll(times, counter.get(LIMIT));
        },
        Discipline.MEBIBYTES,
        times -> {
          for (int i = 0; i < times; i++) {
            bulk.put(block);
          }
          bulk.put(new double[0]);
          Callers.requireAll(times, bulk.get(LIMIT));
        });
  }
}
