package io.places.ndp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Why parts of problems went to other processes, or stayed: what {@link NdpGroup#explain} gives. Decisions are
 * those since the group began, the newest 1,000 of them. Parts that a thread here began before anybody else wanted them
 * are not told of.
 *
 * @param decisions in the order in which they were made
 * @param decided how many there were in all
 */
public record Explanation(List<Decision> decisions, long decided) {
  /**
   * What the way to a worker was measured to take, or that through the memory of this machine.
   *
   * @param roundTrip of a message with one byte and its answer
   * @param nanosPerByte one way
   */
  public record Way(Duration roundTrip, double nanosPerByte) {
    static final Way NONE = new Way(Duration.ZERO, 0);

    /** With the same round trip, but bytes go another way. */
    Way through(double nanos) {
      return new Way(roundTrip, nanos);
    }
  }

  /**
   * One decision about one part. {@code work} is {@code rate} times what the class says of the part; {@code copy} is
   * {@code way.roundTrip} and {@code way.nanosPerByte} for each of the {@code bytes}; the part goes if work is more than
   * {@link NdpGroup#OUTWEIGHS} times the copy. The whole of a sort goes if, besides, work is more than what the sort is
   * expected to take with the workers, which {@code because} tells; shares of a {@code qsort} go whatever the figures.
   *
   * @param part its path: "1.0" is the first part of the second part of the whole
   * @param went the node that it went to; empty if it stayed
   * @param work how long one thread was expected to take for it; for the whole of a sort, all cores here
   * @param rate what a nanosecond of {@link DivideAndConquer#work} was seen to take until then; 1 if that was not seen, and for
   *     sorts
   * @param bytes that it and its result take on the way, as far as could be told
   * @param copy how long these were expected to take there and back, with one round trip; the longest duration that there
   *     is in nanoseconds, if the way was not measured yet
   * @param way that they would have gone
   * @param because in words
   */
  public record Decision(
      String part, String went, Duration work, double rate, long bytes, Duration copy, Way way, String because) {
    /** One that rests on no figures. */
    static Decision stayed(String part, String because) {
      return new Decision(part, "", Duration.ZERO, 1, 0, Duration.ZERO, Way.NONE, because);
    }

    @Override
    public String toString() {
      String of = Character.isDigit(part.charAt(0)) || part.charAt(0) == '[' ? "part " + part : part;
      return "%s %s: %s%s".formatted(of, went.isEmpty() ? "stayed" : "went to " + went, figures(), because);
    }

    private String figures() {
      if (work.isZero() && bytes == 0) {
        return "";
      }
      String corrected = rate == 1 ? "" : String.format(Locale.ROOT, " (%.3g times what work says)", rate);
      return "%s of work%s, %,d bytes to copy in %s: ".formatted(millis(work), corrected, bytes, copying());
    }

    private String copying() {
      if (copy.equals(Decisions.ENDLESS)) {
        return "a time that is not measured yet";
      }
      return String.format(
          Locale.ROOT,
          "%s (%.3f ms and %.3g ns a byte)",
          millis(copy),
          way.roundTrip.toNanos() / 1e6,
          way.nanosPerByte);
    }

    private static String millis(Duration of) {
      return String.format(Locale.ROOT, "%.2f ms", of.toNanos() / 1e6);
    }
  }

  @Override
  public String toString() {
    if (decided == 0) {
      return "nothing was decided: no worker was free, or threads here began each part at once; of fewer than %,d numbers nothing is told"
          .formatted(DistributedSort.LEAST);
    }
    List<String> lines = new ArrayList<>();
    if (decided > decisions.size()) {
      lines.add("(%d earlier decisions are not kept)".formatted(decided - decisions.size()));
    }
    decisions.forEach(each -> lines.add(each.toString()));
    return String.join(System.lineSeparator(), lines);
  }
}
