package io.places.place;

import io.places.Clock;
import io.places.GetTimeoutException;
import io.places.PlaceFailedException;
import io.places.PlacesException;
import io.places.channel.Timeouts;
import io.places.event.Event;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/*
 * The members are places whose body is a GroupBody. Each talks to the coordinator, which is the thread
 * that called forkJoin: it counts who has come to a barrier, hands pipeline values on, and collects the
 * results. One channel for each member is all that is needed, so a group works the same over threads,
 * processes and nodes.
 *
 * The coordinator never waits for one member: a value for a member without credit is kept, and nothing
 * more is taken from the member that sent it until there is credit again. So a slow member slows those
 * before it down, and stops nobody else.
 */
/** The one who forked a group. To be used by one thread. */
final class GroupCoordinator<R> {
  private final Duration limit;
  private final long start = Clock.system().nanoTime();
  private final List<Place<GroupMessage<Boolean>, GroupMessage<R>>> members = new ArrayList<>();
  private final SortedSet<Integer> atBarrier = new TreeSet<>();
  private final Map<Integer, GroupMessage<Boolean>> kept = new HashMap<>(); // by who sent it
  private final SortedMap<Integer, R> results = new TreeMap<>();

  GroupCoordinator(Duration limit) {
    Timeouts.nanos(limit); // refuses a negative one
    this.limit = limit;
  }

  void add(Place<GroupMessage<Boolean>, GroupMessage<R>> member) {
    members.add(member);
  }

  /** Serves the members until all have ended; answers their results in the order of ranks. */
  List<R> run() {
    while (results.size() < members.size()) {
      try {
        Optional<Runnable> next = Event.sync(left(), Event.choose(events()));
        next.orElseThrow(this::tooLate).run();
      } catch (PlacesException e) {
        throw e.getCause() instanceof PlaceFailedException failure ? failure : e;
      }
    }
    members.forEach(this::join);
    return List.copyOf(results.values());
  }

  /** All at once, and then waits for each; who does not end is told of with the reason. */
  void kill(Throwable reason) {
    List<PlaceHandle<?, ?>> all = new ArrayList<>();
    members.forEach(member -> all.add((PlaceHandle<?, ?>) member));
    PlaceHandle.killAll(all).forEach(reason::addSuppressed);
  }

  private List<Event<Runnable>> events() {
    List<Event<Runnable>> events = new ArrayList<>();
    for (int rank : open()) {
      events.add(kept.containsKey(rank) ? credit(rank) : message(rank));
    }
    return events;
  }

  private Event<Runnable> message(int rank) {
    return members.get(rank).receiveEvent().map(message -> () -> handle(rank, message));
  }

  private Event<Runnable> credit(int rank) {
    return members.get(rank + 1).creditEvent().map(there -> () -> handOn(rank));
  }

  private void handle(int rank, GroupMessage<R> message) {
    switch (message.kind()) {
      case BARRIER -> {
        atBarrier.add(rank);
        requireAllAtWork();
        if (atBarrier.size() == members.size()) {
          atBarrier.clear();
          members.forEach(member -> member.put(GroupMessage.barrier()));
        }
      }
      case VALUE -> {
        kept.put(rank, GroupMessage.value(message.value()));
        handOn(rank);
      }
      case RESULT -> {
        results.put(rank, message.result().orElseThrow());
        requireAllAtWork();
      }
    }
  }

  private void handOn(int rank) {
    GroupMessage<Boolean> value = kept.get(rank);
    if (value != null && members.get(rank + 1).offer(value)) {
      kept.remove(rank);
    }
  }

  /** A barrier waits for all members: one that has ended never comes. */
  private void requireAllAtWork() {
    if (!atBarrier.isEmpty() && !results.isEmpty()) {
      throw new PlacesException(
          "members %s wait at a barrier for a member that has ended; all members must call barrier() equally often"
              .formatted(atBarrier));
    }
  }

  /** A member with a result has nothing left but its exit actions. */
  private void join(Place<?, ?> member) {
    int code = member.join(left());
    Optional<PlaceFailedException> failure = member.failure();
    if (failure.isPresent()) {
      throw failure.get();
    }
    if (code != 0) {
      throw new PlacesException("%s has ended with exit code %d".formatted(member, code));
    }
  }

  private SortedSet<Integer> open() {
    SortedSet<Integer> open = new TreeSet<>();
    for (int rank = 0; rank < members.size(); rank++) {
      if (!results.containsKey(rank)) {
        open.add(rank);
      }
    }
    return open;
  }

  private GetTimeoutException tooLate() {
    return new GetTimeoutException(
        "the group has not ended within %s: no result of members %s, at a barrier: %s"
            .formatted(limit, open(), atBarrier.isEmpty() ? "none" : atBarrier));
  }

  private Duration left() {
    Duration left = limit.minusNanos(Clock.system().nanoTime() - start);
    return left.isNegative() ? Duration.ZERO : left;
  }
}
