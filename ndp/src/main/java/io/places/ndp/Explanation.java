package io.places.ndp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Why parts of problems went to other processes, or stayed: what {@link NdpGroup#explain} gives. Decisions are
 * those since the group began, the newest 1,000 of them.
 *
 * @param decisions in the order in which they were made
 * @param decided how many there were in all
 */
public record Explanation(List<Decision> decisions, long decided) {
  /**
   * One decision about one part.
   *
   * @param part its path: "1.0" is the first part of the second part of the whole
   * @param went the node that it went to; empty if it stayed
   * @param work how long one thread was expected to take for it
   * @param bytes that it and its result take on the way, as far as could be told
   * @param copy how long these were expected to take there and back, with one round trip
   * @param because in words
   */
  public record Decision(
      String part, String went, Duration work, long bytes, Duration copy, String because) {
    @Override
    public String toString() {
      return "%s %s: %s of work, %,d bytes to copy in %s: %s"
          .formatted(
              Character.isDigit(part.charAt(0)) ? "part " + part : part,
              went.isEmpty() ? "stayed" : "went to " + went,
              millis(work),
              bytes,
              millis(copy),
              because);
    }

    private static String millis(Duration of) {
      return String.format(Locale.ROOT, "%.2f ms", of.toNanos() / 1e6);
    }
  }

  @Override
  public String toString() {
    List<String> lines = new ArrayList<>();
    if (decided > decisions.size()) {
      lines.add("(%d earlier decisions are not kept)".formatted(decided - decisions.size()));
    }
    decisions.forEach(each -> lines.add(each.toString()));
    return String.join(System.lineSeparator(), lines);
  }
}
