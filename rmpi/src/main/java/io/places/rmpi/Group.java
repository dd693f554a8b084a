package io.places.rmpi;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * Ranks of the job in an order: what a communicator can be made of (MPI 4.1, 7.3). Immutable.
 *
 * @param worldRanks by their numbers in the whole job, each once
 */
public record Group(List<Integer> worldRanks) {
  public Group {
    worldRanks = List.copyOf(worldRanks);
    if (new HashSet<>(worldRanks).size() < worldRanks.size()) {
      throw new IllegalArgumentException("a rank is twice in " + worldRanks);
    }
  }

  /** As users are told which ranks these are. */
  String text() {
    return "ranks %s of the job".formatted(worldRanks);
  }

  /** The call that makes a communicator of these ranks alone. */
  String made(int tag) {
    return "createGroup(%s, tag %d)".formatted(text(), tag);
  }

  public int size() {
    return worldRanks.size();
  }

  /** These ranks, then those of the other that are not among them. */
  public Group union(Group other) {
    List<Integer> all = new ArrayList<>(worldRanks);
    other.worldRanks.stream().filter(rank -> !worldRanks.contains(rank)).forEach(all::add);
    return new Group(all);
  }

  /** Those of these ranks that are also in the other. */
  public Group intersection(Group other) {
    return new Group(worldRanks.stream().filter(other.worldRanks::contains).toList());
  }

  /** Those of these ranks that are not in the other. */
  public Group difference(Group other) {
    return new Group(
        worldRanks.stream().filter(rank -> !other.worldRanks.contains(rank)).toList());
  }

  /** The ranks at these positions. */
  public Group include(int... positions) {
    List<Integer> chosen = new ArrayList<>();
    for (int position : positions) {
      chosen.add(at(position));
    }
    return new Group(chosen);
  }

  /** All ranks but those at these positions. */
  public Group exclude(int... positions) {
    return difference(include(positions));
  }

  /**
   * The ranks from one position to another, both included, by steps; backwards if the step is negative.
   */
  public Group range(int first, int last, int step) {
    if (step == 0) {
      throw new IllegalArgumentException("a step of 0 leads nowhere");
    }
    List<Integer> chosen = new ArrayList<>();
    for (int i = first; step > 0 ? i <= last : i >= last; i += step) {
      chosen.add(at(i));
    }
    return new Group(chosen);
  }

  /** Where one of these ranks is in another group; -1 if it is not in it. */
  public int translate(int position, Group to) {
    return to.worldRanks.indexOf(at(position));
  }

  private int at(int position) {
    if (worldRanks.isEmpty()) {
      throw new IllegalArgumentException("position %d of a group of 0: it has none".formatted(position));
    }
    if (position < 0 || position >= worldRanks.size()) {
      throw new IllegalArgumentException(
          "position %d of a group of %d: they are 0 to %d"
              .formatted(position, worldRanks.size(), worldRanks.size() - 1));
    }
    return worldRanks.get(position);
  }
}
