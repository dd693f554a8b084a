package io.places.examples.bank;

/**
 * Something that the bank has done: cents moved from one account to another. A deposit comes from
 * {@link #CASH}.
 *
 * @param id by which a client repeats a transfer whose outcome it does not know
 */
public record Entry(String id, String from, String to, long cents) {
  /** The account of money that comes from outside: it goes below zero. */
  public static final String CASH = "cash";

  /** As a line of the journal. */
  String line() {
    return "%s %s %s %d".formatted(id, from, to, cents);
  }

  static Entry parse(String line) {
    String[] words = line.split(" ", -1);
    return new Entry(words[0], words[1], words[2], Long.parseLong(words[3]));
  }
}
