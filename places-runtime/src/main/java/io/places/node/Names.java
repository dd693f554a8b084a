package io.places.node;

import io.places.NamedPlaceNotFoundException;
import io.places.PlaceAlreadyExistsException;
import io.places.PutTimeoutException;
import io.places.Surroundings;
import io.places.channel.ChannelEnd;
import io.places.channel.ChannelEndType;
import io.places.channel.PlaceChannel;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.WeakHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The names of the places of one node: who has which, and the doors through which clients enter. Safe for
 * use by many threads.
 */
final class Names {
  private final String node;
  private final Surroundings surroundings;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final NavigableMap<String, Named> names = new TreeMap<>(); // guarded by the lock
  private long lives; // guarded by the lock; begins where no node before this one can have come to

  /**
   * A place that has a name.
   *
   * @param epoch which of the places that have had the name
   * @param door what is put here the body gets: ends of its clients' channels; null while it starts
   * @param clients those ends, as long as somebody holds them: they are closed when the place ends
   */
  record Named(
      String name,
      ChannelEndType<?, ?> type,
      long epoch,
      @Nullable PlaceChannel<Object, Object> door,
      Set<ChannelEnd<?, ?>> clients) {}

  Names(String node, Surroundings surroundings) {
    this.node = node;
    this.surroundings = surroundings;
    // In microseconds: nodes that start together must not count alike, since clients go from one to another.
    this.lives = ChronoUnit.MICROS.between(Instant.EPOCH, surroundings.clock().now());
  }

  /**
   * Takes a name for a place that is about to start.
   *
   * @param epoch as its supervisor counts; 0 for a place without one
   */
  void claim(String name, ChannelEndType<?, ?> type, long epoch) {
    lock.lock();
    try {
      long which = epoch > 0 ? epoch : ++lives;
      if (names.putIfAbsent(name, new Named(name, type, which, null, Set.of())) != null) {
        throw new PlaceAlreadyExistsException(
            "node %s has a place named '%s' already; a name is free again when its place has ended"
                .formatted(node, name));
      }
    } finally {
      lock.unlock();
    }
  }

  /** The place is there, and takes clients in by its door. */
  @SuppressWarnings("unchecked") // only ends of the door's own type are put there: see PlaceHost.open
  void open(String name, PlaceChannel<?, ?> door) {
    lock.lock();
    try {
      names.computeIfPresent(
          name,
          (key, starting) ->
              new Named(
                  name,
                  starting.type(),
                  starting.epoch(),
                  (PlaceChannel<Object, Object>) door,
                  Collections.newSetFromMap(new WeakHashMap<>())));
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The place has ended, or was never started: the name is free. Answers what had it. */
  @Nullable Named free(String name) {
    lock.lock();
    try {
      return names.remove(name);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Finds a place; waits for it up to a limit.
   *
   * @param wanted whether to go on waiting; looked at after each {@link #wake}
   * @throws NamedPlaceNotFoundException if there is none in time, listing those there are
   */
  Named await(String name, long nanos, BooleanSupplier wanted) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = nanos;
      Named found = names.get(name);
      while (left > 0 && (found == null || found.door() == null) && wanted.getAsBoolean()) {
        left = surroundings.clock().await(changed, left);
        found = names.get(name);
      }
      if (found == null) {
        throw new NamedPlaceNotFoundException(
            "no place named '%s' on node %s%s; it has: %s"
                .formatted(
                    name,
                    node,
                    nanos == 0 ? "" : " within %.1f s".formatted(nanos / 1e9),
                    names.isEmpty() ? "none" : String.join(", ", names.keySet())));
      }
      return found;
    } finally {
      lock.unlock();
    }
  }

  /** Has those who wait look whether they still want to. */
  void wake() {
    lock.lock();
    try {
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Hands a client's end to the place. */
  void enter(Named place, PlaceChannel<?, ?> client) {
    var end = (ChannelEnd<?, ?>) client;
    end.belongsToWhoGetsIt(); // which may still have something to say when it is told to end
    PlaceChannel<Object, Object> door = place.door();
    if (door == null || !door.offer(client)) {
      throw new PutTimeoutException(
          "place '%s' on node %s lets no client in now: %s"
              .formatted(
                  place.name(),
                  node,
                  door == null ? "it is just starting" : "too many wait already"));
    }
    synchronized (place.clients()) {
      place.clients().add(end);
    }
    if (!place.equals(present(place.name()))) {
      client.close(); // the place ended meanwhile, and may not have known this client
    }
  }

  private @Nullable Named present(String name) {
    lock.lock();
    try {
      return names.get(name);
    } finally {
      lock.unlock();
    }
  }

  /** The places that have a name, in the order of the names. */
  List<Named> all() {
    lock.lock();
    try {
      return List.copyOf(names.values());
    } finally {
      lock.unlock();
    }
  }

  /**
   * The names that are taken, in order.
   *
   * @param after answers those that come after this one
   * @param limit the most to answer
   */
  List<String> list(String after, int limit) {
    lock.lock();
    try {
      return names.tailMap(after, false).keySet().stream().limit(limit).toList();
    } finally {
      lock.unlock();
    }
  }
}
