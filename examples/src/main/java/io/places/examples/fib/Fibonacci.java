package io.places.examples.fib;

import io.places.channel.PlaceChannel;
import io.places.node.Node;
import io.places.place.Place;
import java.util.ArrayList;
import java.util.List;

/** Fibonacci numbers, each computed in a place of its own, all at the same time. */
public final class Fibonacci {
  /** Computed by adding ones, as here, this one takes 40 s, and each further one 1.6 times as long. */
  public static final int MOST = 50;

  private Fibonacci() {}

  /**
   * The numbers at the indices, in the same order; those at 0 and 1 are 0 and 1.
   *
   * @throws IllegalArgumentException if an index is not 0 to {@link #MOST}
   */
  public static List<Long> of(List<Integer> indices) {
    for (int index : indices) {
      if (index < 0 || index > MOST) {
        throw new IllegalArgumentException(
            "the index of a Fibonacci number must be 0 to %d, not %d".formatted(MOST, index));
      }
    }
    try (Node node = Node.start()) {
      List<Place<Integer, Long>> places = new ArrayList<>();
      for (int index : indices) {
        Place<Integer, Long> place = node.place(Fibonacci::body);
        place.put(index);
        places.add(place);
      }
      return places.stream().map(Place::get).toList(); // waits in turn, while all of them compute
    }
  }

  /** Gets an index and puts the number. */
  static void body(PlaceChannel<Long, Integer> creator) {
    creator.put(fibonacci(creator.get()));
  }

  /** Slow on purpose: it stands for real work. */
  private static long fibonacci(int index) {
    return index < 2 ? index : fibonacci(index - 1) + fibonacci(index - 2);
  }
}
