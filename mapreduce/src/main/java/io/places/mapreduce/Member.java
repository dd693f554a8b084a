package io.places.mapreduce;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** One worker as one job sees it. Owned by the controller's thread. */
final class Member {
  /** A worker on which so many attempts failed gets no more of this job: its disk may be full. */
  static final int MOST_FAILURES = 3;

  /** A worker from which so many fetches failed is taken for lost, though its controller hears it. */
  static final int MOST_FAILED_FETCHES = 3;

  private final WorkerLink link;
  private final int number;
  private final Set<Attempt> running = new LinkedHashSet<>();
  private int failures;
  private int failedFetches;
  private boolean lost;

  /**
   * A worker at the beginning of a job.
   *
   * @param number in the job, from 1
   */
  Member(WorkerLink link, int number) {
    this.link = link;
    this.number = number;
  }

  WorkerLink link() {
    return link;
  }

  int number() {
    return number;
  }

  String nodeName() {
    return link.node().name();
  }

  void add(Attempt attempt) {
    running.add(attempt);
  }

  void remove(Attempt attempt) {
    running.remove(attempt);
  }

  /** What it works on; attempts that were told to stop are here until they have. */
  List<Attempt> running() {
    return List.copyOf(running);
  }

  int load() {
    return running.size();
  }

  void countFailure() {
    failures++;
  }

  boolean isExcluded() {
    return failures >= MOST_FAILURES;
  }

  /** Gives it another chance. */
  void forgive() {
    failures = 0;
  }

  /** Answers whether it is to be given up. */
  boolean countFailedFetch() {
    failedFetches++;
    return failedFetches >= MOST_FAILED_FETCHES;
  }

  void lose() {
    lost = true;
    running.clear();
  }

  boolean isLost() {
    return lost;
  }
}
