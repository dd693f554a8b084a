package io.places.examples.trade;

import io.places.channel.PlaceChannel;
import io.places.node.Node;
import io.places.place.Place;
import java.util.Optional;

/**
 * A buyer and a seller, each a place, who bargain without their creator: it makes a channel for them,
 * gives each an end of it, and waits for what they report. Dissertation, 3.3.
 */
public final class Trade {
  /** The buyer begins with half of its limit, and a price is a whole number of cents. */
  public static final int LOWEST = 2;

  /** The seller begins with twice its limit, which must fit an int. */
  public static final int HIGHEST = 1_000_000_000;

  /**
   * What the two report.
   *
   * @param paid by the buyer, in cents; empty if they did not agree
   * @param earned by the seller, likewise: the same, if both tell the truth
   */
  public record Outcome(Optional<Integer> paid, Optional<Integer> earned) {}

  private Trade() {}

  /**
   * Lets the two trade.
   *
   * @param most what the buyer pays at most, in cents
   * @param least what the seller takes at least, in cents
   * @throws IllegalArgumentException if a limit is not {@link #LOWEST} to {@link #HIGHEST}
   */
  public static Outcome between(int most, int least) {
    check("buyer", most);
    check("seller", least);
    try (Node node = Node.start()) {
      Place<PlaceChannel<Word, Word>, Optional<Integer>> buyer = node.place(Trade::buyer, most);
      Place<PlaceChannel<Word, Word>, Optional<Integer>> seller = node.place(Trade::seller, least);
      var ends = PlaceChannel.pair(Word.class, Word.class);
      buyer.put(ends.first());
      seller.put(ends.second());
      return new Outcome(buyer.get(), seller.get());
    }
  }

  /** Opens at half of what it would pay. */
  static void buyer(
      PlaceChannel<Optional<Integer>, PlaceChannel<Word, Word>> creator, Integer most) {
    creator.put(new Bargaining(most / 2, most).open(creator.get()));
  }

  /** Asks twice of what it would take. */
  static void seller(
      PlaceChannel<Optional<Integer>, PlaceChannel<Word, Word>> creator, Integer least) {
    creator.put(new Bargaining(2 * least, least).answer(creator.get()));
  }

  private static void check(String who, int limit) {
    if (limit < LOWEST || limit > HIGHEST) {
      throw new IllegalArgumentException(
          "the limit of the %s must be %d to %d cents, not %d"
              .formatted(who, LOWEST, HIGHEST, limit));
    }
  }
}
