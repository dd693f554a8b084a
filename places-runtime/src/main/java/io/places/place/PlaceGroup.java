package io.places.place;

import io.places.PlaceFailedException;
import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import io.places.event.Event;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/*
 * The members are places whose body is run() below. Each talks to the coordinator, which is the thread
 * that called forkJoin: it counts who has come to a barrier, hands pipeline values on, and collects the
 * results. One channel for each member is all that is needed, so a group works the same over threads,
 * processes and nodes.
 */
/**
 * Fork and join: the same body in several places at once, which share a range of work, meet at barriers,
 * and give their results in the order of ranks.
 *
 * <pre>{@code
 * static Long sumOfSquares(GroupMember self, Long upTo) {
 *   return self.range(1, upTo + 1).map(i -> i * i).sum();
 * }
 *
 * List<Long> parts = PlaceGroup.forkJoin(node, 4, Sums::sumOfSquares, 1_000_000L);
 * }</pre>
 *
 * <p>After fork-join, CGfor, CGBarrier and CGpipeline of the dissertation, 3.4.2.
 */
public final class PlaceGroup {
  private final List<Place<byte[], byte[]>> members = new ArrayList<>();
  private final Set<Integer> atBarrier = new HashSet<>();
  private final Set<Integer> open = new HashSet<>();
  private final List<byte @Nullable []> results;

  private PlaceGroup(int size) {
    results = new ArrayList<>();
    for (int rank = 0; rank < size; rank++) {
      results.add(null);
      open.add(rank);
    }
  }

  /**
   * Runs a body in {@code size} places of a node, as threads, and waits for all.
   *
   * @return the members' results in the order of ranks
   * @throws PlaceFailedException what the first member that failed threw; the others are ended
   * @throws IllegalArgumentException if the size is not positive
   */
  public static <A, R> List<R> forkJoin(
      PlaceLocation node, int size, GroupBody<A, R> body, A argument) {
    return forkJoin(List.of(node), Spawn.anonymous(), size, body, argument);
  }

  /**
   * As the other form; the members are dealt out to the nodes in turn, each started as {@code spawn}
   * says.
   */
  public static <A, R> List<R> forkJoin(
      List<? extends PlaceLocation> nodes,
      Spawn spawn,
      int size,
      GroupBody<A, R> body,
      A argument) {
    if (size < 1 || nodes.isEmpty()) {
      throw new IllegalArgumentException(
          "a group has at least 1 member and 1 node, not %d and %d".formatted(size, nodes.size()));
    }
    EntryPoint entry = EntryPoint.of(body);
    GroupEntry known = find(entry, nodes.getFirst().allowed());
    byte[] encoded = known.encodeArgument(argument);
    var group = new PlaceGroup(size);
    try {
      for (int rank = 0; rank < size; rank++) {
        group.start(nodes.get(rank % nodes.size()), spawn, entry, rank, size, encoded);
      }
      group.coordinate();
      return group.results(known);
    } finally {
      group.end();
    }
  }

  private void start(
      PlaceLocation node, Spawn spawn, EntryPoint entry, int rank, int size, byte[] argument) {
    Place<byte[], byte[]> member =
        node.start(
            spawn,
            new EntryPoint(PlaceGroup.class.getName(), "run"),
            entry.className() + " " + entry.methodName() + " " + rank + " " + size,
            argument);
    members.add(member);
  }

  /** The body of every member. */
  static void run(PlaceChannel<byte[], byte[]> coordinator, String order, byte[] argument)
      throws Exception {
    List<String> words = Arrays.asList(order.split(" ", -1));
    AllowList allowed =
        CurrentPlace.get().map(place -> place.location().allowed()).orElseThrow();
    GroupEntry body = GroupEntry.find(new EntryPoint(words.get(0), words.get(1)), allowed);
    var self =
        new GroupMember(
            Integer.parseInt(words.get(2)), Integer.parseInt(words.get(3)), coordinator);
    coordinator.put(GroupMessage.RESULT.with(body.run(self, argument)));
  }

  private void coordinate() {
    while (!open.isEmpty()) {
      List<Event<Runnable>> next = new ArrayList<>();
      for (int rank : open) {
        int from = rank;
        next.add(members.get(rank).receiveEvent().map(message -> () -> handle(from, message)));
      }
      try {
        Event.<Runnable>sync(Event.choose(next)).run();
      } catch (PlacesException e) {
        throw e.getCause() instanceof PlaceFailedException failure ? failure : e;
      }
    }
  }

  private void handle(int rank, byte[] message) {
    GroupMessage kind = GroupMessage.of(message);
    switch (kind) {
      case BARRIER -> {
        atBarrier.add(rank);
        requireAllAtWork();
        if (atBarrier.size() == members.size()) {
          atBarrier.clear();
          members.forEach(member -> member.put(kind.with(new byte[0])));
        }
      }
      case VALUE -> members.get(rank + 1).put(message);
      case RESULT -> {
        results.set(rank, kind.content(message));
        open.remove(rank);
        requireAllAtWork();
      }
    }
  }

  /** A barrier waits for all members: one that has ended never comes. */
  private void requireAllAtWork() {
    if (!atBarrier.isEmpty() && open.size() < members.size()) {
      throw new PlacesException(
          "members %s wait at a barrier for a member that has ended; all members must call barrier() equally often"
              .formatted(atBarrier));
    }
  }

  @SuppressWarnings("unchecked") // the body's result type is R: see GroupBody
  private <R> List<R> results(GroupEntry body) {
    List<R> decoded = new ArrayList<>();
    for (byte[] result : results) {
      if (result == null) {
        throw new AssertionError("all members are done, but a result is missing");
      }
      decoded.add((R) body.decodeResult(result));
    }
    return List.copyOf(decoded);
  }

  /** Ends what still runs, and waits for it: a group is over as a whole. */
  private void end() {
    for (Place<byte[], byte[]> member : members) {
      member.close();
    }
    for (Place<byte[], byte[]> member : members) {
      if (results.stream().anyMatch(result -> result == null)) {
        member.kill();
      }
    }
  }

  private static GroupEntry find(EntryPoint entry, AllowList allowed) {
    try {
      return GroupEntry.find(entry, allowed);
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException("cannot find the group body: " + e.getMessage(), e);
    }
  }
}
