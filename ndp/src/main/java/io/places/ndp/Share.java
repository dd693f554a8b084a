package io.places.ndp;

import io.places.PlacesException;
import io.places.ProtocolException;
import io.places.Spawner;
import io.places.channel.PlaceChannel;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/** The numbers that one worker sorts. What was sent is kept, in case that the worker is lost. Used by one thread. */
final class Share implements AutoCloseable {
  /** For a worker that has nothing else to do. */
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final Member member;
  private final PlaceChannel<ToSorter, FromSorter> channel;
  private final Optional<MemoryFile> file;
  private final List<ToSorter.Piece> sent = new ArrayList<>();
  private final CountDownLatch over = new CountDownLatch(1);
  private MemoryFile.@Nullable Window window;
  private long nextInFile; // byte
  private boolean sees; // the file
  private long[] piece = {};
  private int filled;
  private int size;
  private volatile @Nullable String failure;

  private Share(
      Member member, PlaceChannel<ToSorter, FromSorter> channel, Optional<MemoryFile> file, long inFileAt) {
    this.member = member;
    this.channel = channel;
    this.file = file;
    this.nextInFile = inFileAt;
  }

  /**
   * Asks a worker to be ready; whether it is comes later.
   *
   * @param inFileAt where in the file it has room for its numbers
   */
  static Share begin(Member member, Leaf leaf, int expected, Optional<MemoryFile> file, long inFileAt) {
    PlaceChannel.Pair<ToSorter, FromSorter> ends = PlaceChannel.pair(ToSorter.class, FromSorter.class);
    Share share = new Share(member, ends.first(), file, inFileAt);
    member.client().send(new ToWorker.Sort(ends.second()));
    try {
      ends.first()
          .put(
              new ToSorter.Begin(
                  leaf,
                  expected + (expected >> 6), // shares are estimated
                  file.map(MemoryFile::path).orElse(""),
                  file.map(MemoryFile::token).orElse(new byte[0])));
    } catch (PlacesException e) {
      share.failure = e.getMessage();
    }
    return share;
  }

  /** Waits for the worker's answer. */
  boolean isReady() {
    if (failure != null || member.isLost()) {
      return false;
    }
    try {
      if (!(channel.get(ANSWER) instanceof FromSorter.Begun(boolean seesFile))) {
        return false;
      }
      sees = seesFile;
      piece = new long[DistributedSort.PIECE];
      return true;
    } catch (PlacesException e) {
      return false;
    }
  }

  Member member() {
    return member;
  }

  long[] piece() {
    return piece;
  }

  /** How many numbers the piece has. */
  int filled() {
    return filled;
  }

  void fill(int upTo) {
    filled = upTo;
  }

  /** How many numbers were sent. */
  int size() {
    return size;
  }

  void sendIfFull() {
    if (filled == DistributedSort.PIECE) {
      sendRest();
    }
  }

  void sendRest() {
    if (filled > 0) {
      ToSorter.Piece full = full();
      sent.add(full);
      size += filled;
      filled = 0;
      if (full instanceof ToSorter.Numbers) {
        piece = new long[DistributedSort.PIECE];
      }
      put(full);
    }
  }

  private ToSorter.Piece full() {
    if (sees) {
      try {
        if (window == null) {
          window = file.orElseThrow().window();
        }
        return written(window);
      } catch (IOException e) {
        sees = false; // memory of this kind is full: over the channel, then
      }
    }
    return new ToSorter.Numbers(filled == piece.length ? piece : Arrays.copyOf(piece, filled));
  }

  private ToSorter.InFile written(MemoryFile.Window to) throws IOException {
    long at = nextInFile;
    to.write(at, piece, 0, filled);
    nextInFile += (long) Long.BYTES * filled;
    return new ToSorter.InFile(at, filled);
  }

  private void put(ToSorter message) {
    if (failure == null) {
      try {
        channel.put(message);
      } catch (PlacesException e) {
        failure = e.getMessage();
      }
    }
  }

  /** These were all. Results are put into the array while the caller goes on. */
  void end(long resultsAt, long[] array, int at, Spawner spawner) {
    put(new ToSorter.End(resultsAt));
    spawner.virtual(
        "ndp-share-of-" + member.name(),
        () -> {
          try {
            collect(array, at, at + size);
          } catch (PlacesException | IOException | OutOfMemoryError e) {
            failure = String.valueOf(e.getMessage());
          } finally {
            over.countDown();
          }
        });
  }

  private void collect(long[] array, int from, int to) throws IOException {
    if (failure != null) {
      return;
    }
    MemoryFile.Window results = null;
    int at = from;
    while (at < to) {
      switch (channel.get()) {
        case FromSorter.Numbers(long[] some) -> {
          check(some.length, to - at);
          System.arraycopy(some, 0, array, at, some.length);
          at += some.length;
        }
        case FromSorter.InFile(long where, int count) -> {
          check(count, to - at);
          if (results == null) {
            results = file.orElseThrow().window();
          }
          results.read(where, array, at, count);
          at += count;
        }
        case FromSorter.Failed(String why) -> throw new PlacesException(why);
        case FromSorter.Begun _ -> throw new ProtocolException("a worker begins twice");
      }
    }
  }

  private static void check(int came, int missing) {
    if (came < 0 || came > missing) {
      throw new ProtocolException("a worker sends %,d sorted numbers of %,d".formatted(came, missing));
    }
  }

  /** Waits for the end: whether all results have come. */
  boolean isBack() {
    boolean interrupted = false;
    while (true) {
      try {
        over.await();
        break;
      } catch (InterruptedException e) {
        interrupted = true; // the thread is this sort's own: nobody means it
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return failure == null;
  }

  /** Puts what the worker was to sort, in any order, into the array, and says where that ends. */
  int putBack(long[] array, int from) {
    int at = from;
    for (ToSorter.Piece each : sent) {
      switch (each) {
        case ToSorter.Numbers(long[] numbers) -> System.arraycopy(numbers, 0, array, at, numbers.length);
        case ToSorter.InFile(long where, int count) -> read(where, array, at, count);
      }
      at += each.count();
    }
    System.arraycopy(piece, 0, array, at, filled);
    return at + filled;
  }

  private void read(long where, long[] array, int at, int count) {
    try {
      if (window == null) {
        throw new IOException("the file in memory was not written");
      }
      window.read(where, array, at, count);
    } catch (IOException e) {
      throw new PlacesException(
          "the numbers that %s was to sort cannot be read again; the array has not all of its numbers: %s"
              .formatted(member.name(), e.getMessage()), e);
    }
  }

  Explanation.Decision decision(int number, double nanos, long splitter) {
    long bytes = 2L * Long.BYTES * size;
    Explanation.Way way = sees ? member.way().through(MemoryFile.NANOS_PER_BYTE) : member.way();
    return new Explanation.Decision(
        Integer.toString(number),
        member.name(),
        Decisions.nanos(nanos * size),
        1,
        bytes,
        Decisions.nanos(member.copyNanos(bytes, way.nanosPerByte())),
        way,
        "%,d numbers from %d on%s".formatted(size, splitter, sees ? ", through memory of this machine" : ""));
  }

  Explanation.Decision again() {
    return Explanation.Decision.stayed(
        "the share of " + member.name(),
        "%s was lost, so it is sorted here: %s".formatted(member.name(), failure));
  }

  @Override
  public void close() {
    channel.close();
  }
}
