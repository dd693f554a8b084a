package io.places.examples.trade;

import io.places.channel.PlaceChannel;
import java.util.Optional;

/**
 * How one side bargains: it moves from its first price towards its limit by a step a round, takes any
 * price that is no worse than its own next one, and leaves when neither side moves any more.
 *
 * @param first the first price, in cents
 * @param limit above the first price for a buyer, below it for a seller
 */
record Bargaining(int first, int limit) {
  /** So many steps lead from the first price to the limit, or a few more. */
  private static final int STEPS = 10;

  /** Speaks first, then bargains. */
  Optional<Integer> open(PlaceChannel<Word, Word> other) {
    other.put(new Word.Offer(first));
    return bargain(other, Optional.of(first));
  }

  /** Waits for the other's first price, then bargains. */
  Optional<Integer> answer(PlaceChannel<Word, Word> other) {
    return bargain(other, Optional.empty());
  }

  /** The price agreed upon, if any. */
  private Optional<Integer> bargain(PlaceChannel<Word, Word> other, Optional<Integer> said) {
    Optional<Integer> mine = said;
    Optional<Integer> before = Optional.empty();
    while (true) {
      switch (other.get()) {
        case Word.Agreed yes -> {
          return mine;
        }
        case Word.Leave no -> {
          return Optional.empty();
        }
        case Word.Offer(int theirs) -> {
          int next = mine.map(this::next).orElse(first);
          if (isNoWorse(theirs, next)) {
            other.put(new Word.Agreed());
            return Optional.of(theirs);
          }
          if (before.equals(Optional.of(theirs)) && mine.equals(Optional.of(next))) {
            other.put(new Word.Leave());
            return Optional.empty();
          }
          before = Optional.of(theirs);
          mine = Optional.of(next);
          other.put(new Word.Offer(next));
        }
      }
    }
  }

  private int next(int price) {
    int step = Math.max(1, Math.abs(limit - first) / STEPS);
    return buys() ? Math.min(limit, price + step) : Math.max(limit, price - step);
  }

  private boolean isNoWorse(int theirs, int mine) {
    return buys() ? theirs <= mine : theirs >= mine;
  }

  private boolean buys() {
    return limit > first;
  }
}
