package io.places.supervise;

import java.util.List;

/**
 * That something is not started anew any more, because it ended too often.
 *
 * @param what its name and where it ran
 * @param tried what it was supervised by
 * @param endings how its lives ended, the last one last; of very many, the last hundred
 * @param restarts how often it was started anew in all
 */
public record GaveUp(String what, Restart tried, List<Ending> endings, long restarts) {
  public GaveUp {
    endings = List.copyOf(endings);
  }

  /** The end that was one too many. */
  public Ending last() {
    return endings.getLast();
  }

  /** What was tried, how often, and the last cause, as a sentence. */
  public String message() {
    return "gave up on %s: it ended although it was started anew %d times (at most %d within %s, after waits of %s to %s); at last: %s"
        .formatted(
            what,
            restarts,
            tried.limit(),
            Words.of(tried.window()),
            Words.of(tried.firstWait()),
            Words.of(tried.longestWait()),
            last().how());
  }
}
