package io.places.mapreduce;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** One worker as one job sees it. Owned by the controller's thread. */
final class Member {
  /** A worker on which so many attempts failed gets no more of this job: its disk may be full. */
  static final int MOST_FAILURES = 3;

  /**
   * A worker from which so many fetches failed, one after the other and none that succeeded between them, is
   * taken for lost, though its controller hears it.
   */
  static final int MOST_FAILED_FETCHES = 3;

  private final WorkerLink link;
  private final int number;
  private final int most;
  private final Set<Attempt> running = new LinkedHashSet<>();
  private int failures;
  private int failedFetches;

  /** Whose fetches they were. */
  private final Set<Member> failedReducers = new HashSet<>();
  private long lastFailedFetch;
  private boolean lost;

  /**
   * A worker at the beginning of a job.
   *
   * @param number in the job, from 1
   * @param most how many attempts it gets at a time
   */
  Member(WorkerLink link, int number, int most) {
    this.link = link;
    this.number = number;
    this.most = most;
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

  /** Whether it can take nothing more, and nothing of what it works on was begun within that time. */
  boolean isHeldUp(long longest, long now) {
    return running.size() >= most
        && running.stream().allMatch(attempt -> now - attempt.started() > longest);
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

  /**
   * A reducer could not fetch from it. Attempts that had begun when that was last heard may have failed for the same
   * reason, such as one lost connection: they do not count. Nor is it given up because of one reducer if there are
   * more: it may be that one which is cut off.
   *
   * @param reducer where it was
   * @param reducers how many workers could fetch from it
   * @param begun when the reducer's attempt was
   * @return whether it is to be given up
   */
  boolean countFailedFetch(Member reducer, long reducers, long begun, long now) {
    failedReducers.add(reducer);
    if (failedFetches == 0 || begun - lastFailedFetch > 0) {
      failedFetches++;
      lastFailedFetch = now;
    }
    return failedFetches >= MOST_FAILED_FETCHES && failedReducers.size() >= Math.min(2, reducers);
  }

  int failedFetches() {
    return failedFetches;
  }

  /** Whether it may be given up if one more fetch fails. */
  boolean isSuspected() {
    return failedFetches >= MOST_FAILED_FETCHES - 1;
  }

  /** Another worker has fetched from it. */
  void forgetFailedFetches() {
    failedFetches = 0;
    failedReducers.clear();
  }

  void lose() {
    lost = true;
    running.clear();
  }

  boolean isLost() {
    return lost;
  }
}
