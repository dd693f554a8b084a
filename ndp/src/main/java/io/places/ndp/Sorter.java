package io.places.ndp;

import io.places.PlacesException;
import io.places.ProtocolException;
import io.places.channel.PlaceChannel;
import java.io.IOException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Sorts a share of an array in a worker, for the process that has the array. Owned by one thread. */
final class Sorter {
  private final PlaceChannel<FromSorter, ToSorter> client;
  private final Crew crew;
  private Leaf leaf = Leaf.BITS;
  private long[] numbers = {};
  private int size;
  private MemoryFile.@Nullable Window window;

  private Sorter(PlaceChannel<FromSorter, ToSorter> client, Crew crew) {
    this.client = client;
    this.crew = crew;
  }

  /** Until all is sent back, or nobody wants it. */
  static void serve(PlaceChannel<FromSorter, ToSorter> client, Crew crew) {
    try (client) {
      Sorter sorter = new Sorter(client, crew);
      try {
        sorter.serve();
      } catch (IOException | OutOfMemoryError e) {
        client.put(new FromSorter.Failed(e.toString()));
      }
    } catch (PlacesException e) {
      // The client is lost, or sorts itself.
    }
  }

  private void serve() throws IOException {
    if (!(client.get() instanceof ToSorter.Begin begin)) {
      throw new ProtocolException("the sorting of a share begins with something else");
    }
    leaf = begin.leaf();
    Optional<MemoryFile> file =
        begin.path().isEmpty() ? Optional.empty() : MemoryFile.open(begin.path(), begin.token());
    try {
      window = file.map(MemoryFile::window).orElse(null);
      client.put(new FromSorter.Begun(file.isPresent()));
      numbers = new long[begin.expected()];
      for (ToSorter message : client.messages()) {
        if (message instanceof ToSorter.Piece piece) {
          add(piece);
        } else if (message instanceof ToSorter.End(long resultsAt)) {
          leaf.sort(numbers, 0, size, crew);
          answer(resultsAt);
          return;
        }
      }
    } finally {
      file.ifPresent(MemoryFile::close);
    }
  }

  private void add(ToSorter.Piece piece) throws IOException {
    int count = piece.count();
    if (count < 0 || count > Integer.MAX_VALUE - 8 - size) {
      throw new ProtocolException("%d numbers and %d more; an array has at most %d".formatted(size, count, Integer.MAX_VALUE - 8));
    }
    if (count > numbers.length - size) {
      long wanted = Math.max((long) size + count, numbers.length + (numbers.length >> 2));
      numbers = Arrays.copyOf(numbers, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
    }
    switch (piece) {
      case ToSorter.Numbers(long[] some) -> System.arraycopy(some, 0, numbers, size, count);
      case ToSorter.InFile(long at, int _) -> window().read(at, numbers, size, count);
    }
    size += count;
  }

  private MemoryFile.Window window() {
    if (window == null) {
      throw new ProtocolException("numbers in a file that this worker does not see");
    }
    return window;
  }

  private void answer(long resultsAt) throws IOException {
    MemoryFile.Window through = window;
    for (int at = 0; at < size; at += DistributedSort.PIECE) {
      int count = Math.min(DistributedSort.PIECE, size - at);
      if (through != null) {
        long where = resultsAt + (long) at * Long.BYTES;
        through.write(where, numbers, at, count);
        client.put(new FromSorter.InFile(where, count));
      } else {
        client.put(new FromSorter.Numbers(Arrays.copyOfRange(numbers, at, at + count)));
      }
    }
  }
}
