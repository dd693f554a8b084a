package io.places.place;

import io.places.LogContext;
import io.places.PlacesException;
import io.places.channel.EndOwner;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The place in which a thread runs: its node, its streams, its local values, its children. Known in the
 * body's thread and in the threads it starts.
 */
public final class CurrentPlace extends EndOwner {
  private final PlaceLocation location;
  private final String place;
  private volatile Streams streams;

  // Made when first needed: there may be a hundred thousand places, most with none of these.
  private volatile @Nullable Map<PlaceLocal<?>, Object> locals; // what is in it is guarded by itself
  private volatile @Nullable Set<PlaceHandle<?, ?>> children;
  private volatile @Nullable Set<Runnable> ends;
  private @Nullable ArrayDeque<Runnable> exitActions; // guarded by this

  /**
   * The streams of a place.
   *
   * @param in null for an empty one
   * @param out null for the JVM's
   * @param err likewise
   */
  public record Streams(
      @Nullable InputStream in, @Nullable OutputStream out, @Nullable OutputStream err) {
    /** Empty input, the JVM's output. */
    public static final Streams INHERITED = new Streams(null, null, null);

    /**
     * Refuses streams that are closed, as far as they tell.
     *
     * @throws IllegalArgumentException naming the first one that is
     */
    public void requireOpen() {
      require("in", in == null ? () -> {} : in::available);
      require("out", out == null ? () -> {} : () -> writeNothing(out));
      require("err", err == null ? () -> {} : () -> writeNothing(err));
    }

    private interface Attempt {
      void run() throws IOException;
    }

    private static void require(String name, Attempt attempt) {
      try {
        attempt.run();
      } catch (IOException e) {
        throw new IllegalArgumentException(
            "a place cannot be started with a closed stream; '%s' says: %s"
                .formatted(name, e.getMessage()),
            e);
      }
    }

    private static void writeNothing(OutputStream stream) throws IOException {
      stream.write(new byte[0]);
      stream.flush();
      if (stream instanceof FileOutputStream file && !file.getFD().valid()) {
        throw new IOException("Stream Closed");
      }
    }

    /** Writes out what is buffered. */
    void flush() {
      flush(out);
      flush(err);
    }

    private static void flush(@Nullable OutputStream stream) {
      try {
        if (stream != null) {
          stream.flush();
        }
      } catch (IOException e) {
        // The reader is gone; the place has ended anyway.
      }
    }
  }

  public CurrentPlace(PlaceLocation location, String place, Streams streams) {
    this.location = location;
    this.place = place;
    this.streams = streams;
  }

  /** Empty outside of places. */
  public static Optional<CurrentPlace> get() {
    return Optional.ofNullable(current());
  }

  private static @Nullable CurrentPlace current() {
    return (CurrentPlace) ofThread(); // no other owners there are
  }

  /** Whose children the calling thread's places are: they end with it. */
  public static void adopt(PlaceHandle<?, ?> started) {
    CurrentPlace parent = current();
    if (parent != null) {
      Set<PlaceHandle<?, ?>> siblings = parent.children();
      siblings.add(started);
      started.whenOver(() -> siblings.remove(started));
    }
  }

  /** The node that hosts the place. */
  public PlaceLocation location() {
    return location;
  }

  public String place() {
    return place;
  }

  public Streams streams() {
    return streams;
  }

  /** The place has closed one of its streams: for itself, whoever else uses it. */
  void replace(UnaryOperator<Streams> change) {
    streams.flush();
    synchronized (this) {
      streams = change.apply(streams);
    }
  }

  void enter() {
    enterThread();
    LogContext.ofThread(location.name(), place);
  }

  private synchronized Set<PlaceHandle<?, ?>> children() {
    Set<PlaceHandle<?, ?>> all = children;
    if (all == null) {
      all = ConcurrentHashMap.newKeySet();
      children = all;
    }
    return all;
  }

  synchronized void atExit(Runnable action) {
    if (exitActions == null) {
      exitActions = new ArrayDeque<>();
    }
    exitActions.push(action);
  }

  /**
   * Runs the exit actions, those too that are added meanwhile.
   *
   * @throws Throwable what the first one threw that failed, or else that left by {@link Place#exit}; the
   *     others have run
   */
  void runExitActions() throws Throwable {
    Throwable failure = null;
    for (Runnable next = nextExitAction(); next != null; next = nextExitAction()) {
      try {
        next.run();
      } catch (Throwable e) {
        if (failure == null || (failure instanceof PlaceExit && !(e instanceof PlaceExit))) {
          failure = e;
        }
      }
    }
    if (failure != null) {
      throw failure;
    }
  }

  private synchronized @Nullable Runnable nextExitAction() {
    return exitActions == null ? null : exitActions.poll();
  }

  /** Has something that belongs to the place end with it, however that ends. That it does not is told, as of children. */
  public synchronized void whenEnding(Runnable end) {
    Set<Runnable> all = ends;
    if (all == null) {
      all = ConcurrentHashMap.newKeySet();
      ends = all;
    }
    all.add(end);
  }

  /** It has ended before. */
  public void notWhenEnding(Runnable end) {
    Set<Runnable> all = ends;
    if (all != null) {
      all.remove(end);
    }
  }

  /** Kills the children; waits for each as long as {@link Place#kill()} does. */
  void endChildren() {
    Set<Runnable> toRun = ends;
    if (toRun != null) {
      toRun.forEach(this::endOne);
    }
    Set<PlaceHandle<?, ?>> all = children;
    if (all == null) {
      return;
    }
    for (PlacesException e : PlaceHandle.killAll(all)) {
      goesOn(e);
    }
  }

  private void endOne(Runnable end) {
    try {
      end.run();
    } catch (PlacesException e) {
      goesOn(e); // the others end all the same
    }
  }

  private void goesOn(PlacesException why) {
    System.err.println(this + " has ended, but " + why.getMessage());
  }

  private synchronized Map<PlaceLocal<?>, Object> locals() {
    Map<PlaceLocal<?>, Object> all = locals;
    if (all == null) {
      all = new HashMap<>();
      locals = all;
    }
    return all;
  }

  @SuppressWarnings("unchecked") // a local's value is what its own supplier made or its own set() took
  <T> T local(PlaceLocal<T> key, Supplier<? extends T> initial) {
    Map<PlaceLocal<?>, Object> all = locals();
    synchronized (all) { // a monitor, so that the value of one may come from another's
      Object value = all.get(key);
      if (value == null) {
        value = Objects.requireNonNull(initial.get(), "the initial value");
        all.put(key, value);
      }
      return (T) value;
    }
  }

  <T> void setLocal(PlaceLocal<T> key, T value) {
    Map<PlaceLocal<?>, Object> all = locals();
    synchronized (all) {
      all.put(key, value);
    }
  }

  @Override
  public String toString() {
    return "place " + place + " on node " + location.name();
  }
}
