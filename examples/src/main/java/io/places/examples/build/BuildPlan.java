package io.places.examples.build;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/*
 * Packages are the nodes of a graph, with an edge to each package that a source names. Packages on a
 * circle can only be compiled together: the units are the strongly connected components, found by
 * Tarjan's algorithm. It finds a component after all those that the component needs, so units come out in
 * an order in which they could be compiled one by one.
 */
/** Divides sources into units that can be compiled when the units they need have been. */
final class BuildPlan {
  private final Map<String, List<SourceFile>> packages = new TreeMap<>();
  private final Map<String, Integer> visited = new HashMap<>();
  private final Map<String, Integer> unitOf = new HashMap<>();
  private final Deque<String> open = new ArrayDeque<>();
  private final List<BuildUnit> units = new ArrayList<>();

  private BuildPlan(Collection<SourceFile> sources) {
    for (SourceFile source : sources) {
      packages.computeIfAbsent(source.packageName(), first -> new ArrayList<>()).add(source);
    }
  }

  /** The units, each after those it needs; unit n is the n-th. */
  static List<BuildUnit> of(Collection<SourceFile> sources) {
    var plan = new BuildPlan(sources);
    for (String name : plan.packages.keySet()) {
      if (!plan.visited.containsKey(name)) {
        plan.visit(name);
      }
    }
    return List.copyOf(plan.units);
  }

  /** Answers the number of the earliest package on the stack that this one leads back to. */
  private int visit(String name) {
    int number = visited.size();
    visited.put(name, number);
    open.push(name);
    int earliest = number;
    for (String needed : neededBy(name)) {
      Integer before = visited.get(needed);
      if (before == null) {
        earliest = Math.min(earliest, visit(needed));
      } else if (!unitOf.containsKey(needed)) {
        earliest = Math.min(earliest, before);
      }
    }
    if (earliest == number) {
      addUnit(name);
    }
    return earliest;
  }

  /** All that lies above the package on the stack leads back to it. */
  private void addUnit(String last) {
    List<String> members = new ArrayList<>();
    String member;
    do {
      member = open.pop();
      unitOf.put(member, units.size());
      members.add(member);
    } while (!member.equals(last));
    List<Path> files = new ArrayList<>();
    Set<Integer> needs = new HashSet<>();
    for (String name : members) {
      sources(name).forEach(source -> files.add(source.path()));
      neededBy(name).forEach(needed -> needs.add(unit(needed)));
    }
    needs.remove(units.size());
    units.add(
        new BuildUnit(units.size(), files.stream().sorted().toList(), Set.copyOf(needs)));
  }

  private Set<String> neededBy(String name) {
    Set<String> needed = new HashSet<>();
    for (SourceFile source : sources(name)) {
      source.names().stream().filter(packages::containsKey).forEach(needed::add);
    }
    return needed;
  }

  private List<SourceFile> sources(String name) {
    return packages.getOrDefault(name, List.of());
  }

  private int unit(String name) {
    Integer unit = unitOf.get(name);
    if (unit == null) {
      throw new AssertionError("a package's unit is found before those that need it: " + name);
    }
    return unit;
  }
}
