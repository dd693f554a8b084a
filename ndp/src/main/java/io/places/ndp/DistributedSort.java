package io.places.ndp;

import io.places.Surroundings;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;

/*
 * One pass parts the array by splitters, which are quantiles of a sample. The least numbers stay: they move to the
 * array's front, behind the place that is being read. Others go straight into pieces to be sent, each of which
 * leaves as soon as it is full. Then all sort at a time, and what comes back is put where it belongs, behind those that
 * stayed.
 *
 * Pieces travel through a file in memory if the worker sees it, else over the channel. Either way what was sent is
 * kept until its results are there: from then on the array and the pieces have, together, what the array had. So
 * whatever happens to a worker, its share can be sorted here; and if memory runs out half-way, all is put back.
 */
/** Sorts an array by this process and by workers: each gets the numbers from one to another. */
final class DistributedSort {
  /** Numbers that go at a time: a megabyte, which a channel's credit has several of. */
  static final int PIECE = 1 << 17;

  /** Below, workers have hardly begun when it could be done. */
  static final int LEAST = 1 << 16;

  /** Shares are wrong by less than a hundredth then. */
  private static final int SAMPLE = 1 << 14;

  /** From so many numbers on it pays to measure how long bytes take just now. */
  private static final int MEASURED = 1 << 20;

  /** What parting takes for a number. */
  static final double NANOS_TO_PART = 3;

  /** Of a sort that is done when its runs are counted, or merged. */
  static final Explanation.Decision FEW_RUNS =
      Explanation.Decision.stayed("the whole", "the numbers are a few runs, up or down");

  private final long[] array;
  private final Leaf leaf;
  private final Crew crew;
  private final int theirThreads;
  private final Surroundings surroundings;
  private final Decisions decisions;

  /**
   * @param crew of this process
   * @param theirThreads of each worker
   */
  DistributedSort(
      long[] array,
      Leaf leaf,
      Crew crew,
      int theirThreads,
      Surroundings surroundings,
      Decisions decisions) {
    this.array = array;
    this.leaf = leaf;
    this.crew = crew;
    this.theirThreads = theirThreads;
    this.surroundings = surroundings;
    this.decisions = decisions;
  }

  /**
   * Sorts. An interrupt of the caller is left for later.
   *
   * @param helpers workers that nobody else uses meanwhile
   * @param throughFile whether pieces may go through a file in memory
   */
  void sort(List<Member> helpers, boolean throughFile) {
    if (helpers.isEmpty()) {
      stays("no worker is free");
      return;
    }
    if (array.length < LEAST) {
      stays("fewer than %,d numbers".formatted(LEAST));
      return;
    }
    if (LongSort.sortRuns(array)) {
      decisions.add(FEW_RUNS);
      return;
    }
    var done = new CompletableFuture<@Nullable Void>();
    surroundings
        .spawner()
        .platform( // whose interrupts are not the caller's: they would close the file
            "ndp-sort",
            () -> {
              try {
                sortTogether(helpers, throughFile);
                done.complete(null);
              } catch (Throwable e) { // told to the caller
                done.completeExceptionally(e);
              }
            });
    try {
      done.join();
    } catch (CompletionException e) {
      switch (e.getCause()) {
        case RuntimeException cause -> throw cause;
        case Error cause -> throw cause;
        case null, default -> throw e;
      }
    }
  }

  private void stays(String why) {
    decisions.add(Explanation.Decision.stayed("the whole", why));
    leaf.sort(array, 0, array.length, crew);
  }

  private void sortTogether(List<Member> helpers, boolean throughFile) {
    Optional<MemoryFile> file =
        throughFile
            ? MemoryFile.create(surroundings.random(), bytesInFile(array.length))
            : Optional.empty();
    if (file.isEmpty() && array.length > MEASURED) {
      measure(helpers);
    }
    List<Share> shares = new ArrayList<>();
    try {
      double[] speeds = speeds(helpers, file.isPresent());
      double all = Arrays.stream(speeds).sum();
      for (int i = 0; i < helpers.size(); i++) {
        int expected = (int) (speeds[i + 1] / all * array.length);
        shares.add(Share.begin(helpers.get(i), leaf, expected, file, area(i)));
      }
      List<Share> ready = shares.stream().filter(Share::isReady).toList();
      file.ifPresent(MemoryFile::hide);
      if (ready.isEmpty()) {
        stays("no worker has answered");
      } else {
        sort(ready, speeds(ready.stream().map(Share::member).toList(), file.isPresent()), area(helpers.size()));
      }
    } finally {
      shares.forEach(Share::close);
      file.ifPresent(MemoryFile::close);
    }
  }

  /** What is written there, and back, at most. */
  static long bytesInFile(int numbers) {
    return 2L * Long.BYTES * numbers;
  }

  /** Where in the file there is room for the whole array, the first, second and so on. What is not written there takes none. */
  private long area(int number) {
    return MemoryFile.DATA_AT + (long) number * Long.BYTES * array.length;
  }

  private void measure(List<Member> helpers) {
    try {
      for (Member helper : helpers) {
        helper.measureBytes(surroundings.clock());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // what was measured before does as well
    }
  }

  /**
   * Numbers in a nanosecond: of this process, then of each worker. What a worker gets comes while this process parts the
   * array; but it begins to send back when it has sorted.
   */
  private double[] speeds(List<Member> helpers, boolean inFile) {
    double[] speeds = new double[helpers.size() + 1];
    speeds[0] = crew.size() / leaf.nanos();
    for (int i = 0; i < helpers.size(); i++) {
      double byteNanos = inFile ? MemoryFile.NANOS_PER_BYTE : helpers.get(i).byteNanos();
      speeds[i + 1] = 1 / (leaf.nanos() / theirThreads + Long.BYTES * byteNanos);
    }
    return speeds;
  }

  private void sort(List<Share> shares, double[] speeds, long resultsAt) {
    long[] splitters = splitters(speeds);
    int own = part(splitters, shares);
    int at = own;
    for (int i = 0; i < shares.size(); i++) {
      Share share = shares.get(i);
      share.end(resultsAt + (long) Long.BYTES * at, array, at, surroundings.spawner());
      decisions.add(share.decision(i + 1, leaf.nanos(), splitters[i]));
      at += share.size();
    }
    leaf.sort(array, 0, own, crew);
    at = own;
    for (Share share : shares) {
      if (!share.isBack()) {
        share.putBack(array, at);
        leaf.sort(array, at, at + share.size(), crew);
        decisions.add(share.again());
      }
      at += share.size();
    }
  }

  /** From which number on each worker has its share. */
  private long[] splitters(double[] speeds) {
    var random = new SplittableRandom(surroundings.random().nextLong());
    long[] sample = new long[SAMPLE];
    for (int i = 0; i < SAMPLE; i++) {
      sample[i] = array[random.nextInt(array.length)];
    }
    Arrays.sort(sample);
    double all = Arrays.stream(speeds).sum();
    long[] splitters = new long[speeds.length - 1];
    double before = 0;
    for (int i = 0; i < splitters.length; i++) {
      before += speeds[i];
      splitters[i] = sample[(int) Math.min(SAMPLE - 1, before / all * SAMPLE)];
    }
    return splitters;
  }

  /** Gives numbers to the shares, and moves the others to the front: as many as this answers. */
  private int part(long[] splitters, List<Share> shares) {
    long[][] pieces = new long[shares.size()][];
    int[] filled = new int[shares.size()];
    int own = 0;
    int read = 0;
    try {
      while (read < array.length) {
        int room = array.length - read;
        for (int i = 0; i < pieces.length; i++) {
          pieces[i] = shares.get(i).piece();
          filled[i] = shares.get(i).filled();
          room = Math.min(room, PIECE - filled[i]);
        }
        if (pieces.length == 1) {
          int before = filled[0];
          filled[0] = part(array, read, read + room, own, splitters[0], pieces[0], before);
          own += room - (filled[0] - before);
        } else {
          own = part(array, read, read + room, own, splitters, pieces, filled);
        }
        read += room;
        for (int i = 0; i < pieces.length; i++) {
          shares.get(i).fill(filled[i]);
        }
        for (Share share : shares) {
          share.sendIfFull();
        }
      }
      for (Share share : shares) {
        share.sendRest();
      }
      return own;
    } catch (OutOfMemoryError e) {
      int at = own;
      for (Share share : shares) {
        at = share.putBack(array, at);
      }
      throw e;
    }
  }

  /** Without a branch: each number is put into both places, one of which is then taken by the next. */
  private static int part(
      long[] array, int from, int to, int ownSoFar, long splitter, long[] piece, int before) {
    int own = ownSoFar;
    int filled = before;
    for (int i = from; i < to; i++) {
      long number = array[i];
      array[own] = number;
      piece[filled] = number;
      int goes = number >= splitter ? 1 : 0;
      filled += goes;
      own += 1 - goes;
    }
    return filled;
  }

  private static int part(
      long[] array, int from, int to, int ownSoFar, long[] splitters, long[][] pieces, int[] filled) {
    int own = ownSoFar;
    for (int i = from; i < to; i++) {
      long number = array[i];
      int goesTo = -1;
      for (long splitter : splitters) {
        goesTo += number >= splitter ? 1 : 0;
      }
      if (goesTo < 0) {
        array[own++] = number;
      } else {
        pieces[goesTo][filled[goesTo]++] = number;
      }
    }
    return own;
  }
}
