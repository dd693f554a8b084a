package org.example.primes;

import io.places.channel.PlaceChannel;
import io.places.launch.Hosts;
import io.places.node.Node;
import io.places.node.RemoteNode;
import io.places.place.Place;
import io.places.place.PlaceLocation;
import java.util.ArrayList;
import java.util.List;

/**
 * Counts the primes below a limit, a share on each node.
 *
 * <p>Started by {@code places run} it uses the nodes that were asked for there; started from an IDE or
 * by {@code java} it uses two on this machine.
 */
public final class Primes {
  /** The numbers that one place looks at: from, from + step, and so on, below limit. */
  public record Share(int from, int step, int limit) {}

  private Primes() {}

  public static void main(String[] arguments) {
    if (arguments.length != 1 || !arguments[0].matches("\\d{1,9}")) {
      System.err.println("usage: Primes LIMIT, not " + List.of(arguments));
      System.exit(64);
    }
    int limit = Integer.parseInt(arguments[0]);
    Hosts hosts = Hosts.given().orElse(Hosts.local(2));
    try (Node node = Node.start()) {
      List<RemoteNode> nodes = node.launch(hosts);
      for (RemoteNode remote : nodes) {
        System.out.println(remote.name() + " on " + remote.host());
      }
      System.out.println(below(limit, nodes) + " primes below " + limit);
    }
  }

  /** How many primes there are below a limit, counted by a place on each node. */
  static int below(int limit, List<? extends PlaceLocation> nodes) {
    List<Place<Share, Integer>> places = new ArrayList<>();
    for (PlaceLocation node : nodes) {
      Place<Share, Integer> place = node.place(Primes::count);
      place.put(new Share(places.size(), nodes.size(), limit));
      places.add(place);
    }
    return places.stream().mapToInt(Place::get).sum();
  }

  /** Runs on each node. */
  static void count(PlaceChannel<Integer, Share> creator) {
    Share share = creator.get();
    int count = 0;
    for (int number = share.from(); number < share.limit(); number += share.step()) {
      if (isPrime(number)) {
        count++;
      }
    }
    creator.put(count);
  }

  private static boolean isPrime(int number) {
    for (int divisor = 2; (long) divisor * divisor <= number; divisor++) {
      if (number % divisor == 0) {
        return false;
      }
    }
    return number >= 2;
  }
}
