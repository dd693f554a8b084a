package io.places.launch;

import io.places.PlacesException;
import java.io.IOException;
import java.nio.charset.MalformedInputException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The machines on which a program's nodes run, and how many nodes each takes.
 *
 * <p>{@code Node.launch(hosts)} launches a node for each slot. Slots are dealt like cards: every host gets
 * one in turn, in the order of the list, as long as it has some left; so the first nodes are on different
 * machines.
 *
 * @param hosts at least one
 * @param secretFile holds the secret of the cluster to which running nodes among them belong; null if
 *     there are none
 */
public record Hosts(List<Host> hosts, @Nullable Path secretFile) {
  /** Where {@code places run} says which hosts file it was given. */
  public static final String FILE_VARIABLE = "PLACES_HOSTS";

  /** Where {@code places run} says how many nodes it was asked for. */
  public static final String NODES_VARIABLE = "PLACES_NODES";

  /** Where {@code places run} says how long a node may take to come up, if it was told: {@code PT1M}, {@code PT30S}. */
  public static final String START_LIMIT_VARIABLE = "PLACES_START_LIMIT";

  /** A node takes 1,024 connections: one that launches others has some left for whoever else comes. */
  public static final int MOST_NODES = 1_000;

  /**
   * One machine.
   *
   * @param name for messages
   * @param slots how many nodes it takes
   * @param launcher starts a node there
   */
  public record Host(String name, int slots, Launcher launcher) {
    public Host {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(launcher, "launcher");
      if (slots < 1 || slots > MOST_NODES) {
        throw new IllegalArgumentException(
            "host %s has %d slots; it must be 1 to %d".formatted(name, slots, MOST_NODES));
      }
    }
  }

  public Hosts {
    hosts = List.copyOf(hosts);
    if (hosts.isEmpty()) {
      throw new IllegalArgumentException("there must be at least one host");
    }
  }

  /** This machine, for a number of nodes that are processes of their own. */
  public static Hosts local(int nodes) {
    return of(nodes, Launch.process());
  }

  /** A number of nodes that come up in the same way. */
  public static Hosts of(int nodes, Launcher launcher) {
    return new Hosts(List.of(new Host("localhost", nodes, launcher)), null);
  }

  /**
   * Reads a hosts file: YAML, with a list {@code hosts} whose entries have {@code host}, {@code slots},
   * {@code launcher} (ssh, process or attach) and what that launcher takes. The guide to distributed
   * programs has examples.
   *
   * @throws PlacesException if it cannot be read, or says something else; with the line
   */
  public static Hosts read(Path file) {
    try {
      return HostsFile.parse(file, Files.readString(Objects.requireNonNull(file, "file")));
    } catch (NoSuchFileException e) {
      throw new PlacesException("there is no hosts file " + file, e);
    } catch (MalformedInputException e) {
      throw new PlacesException("the hosts file " + file + " is no UTF-8 text", e);
    } catch (IOException e) {
      throw new PlacesException("cannot read the hosts file %s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /**
   * The hosts that whoever started this program chose: {@code places run} does by {@code --hosts} and
   * {@code --nodes}, others by the environment variables {@link #FILE_VARIABLE} and {@link
   * #NODES_VARIABLE}; with either, {@link #START_LIMIT_VARIABLE} may say how long a node may take. Empty if nobody
   * did, as in an IDE:
   *
   * <pre>{@code
   * Hosts hosts = Hosts.given().orElse(Hosts.local(4));
   * }</pre>
   *
   * @throws PlacesException if what was chosen cannot be had
   */
  public static Optional<Hosts> given() {
    return given(System.getenv());
  }

  static Optional<Hosts> given(Map<String, String> environment) {
    Optional<Hosts> chosen = chosen(environment);
    String limit = environment.getOrDefault(START_LIMIT_VARIABLE, "");
    if (limit.isEmpty() || chosen.isEmpty()) {
      return chosen;
    }
    try {
      return Optional.of(chosen.get().limit(Duration.parse(limit)));
    } catch (DateTimeParseException | IllegalArgumentException e) {
      throw new PlacesException(
          "the environment variable %s must be a time of more than none, such as PT30S, not '%s'"
              .formatted(START_LIMIT_VARIABLE, limit),
          e);
    }
  }

  private static Optional<Hosts> chosen(Map<String, String> environment) {
    String file = environment.getOrDefault(FILE_VARIABLE, "");
    String nodes = environment.getOrDefault(NODES_VARIABLE, "");
    if (nodes.isEmpty()) {
      return file.isEmpty() ? Optional.empty() : Optional.of(read(Path.of(file)));
    }
    if (!nodes.matches("[1-9]\\d{0,3}") || Integer.parseInt(nodes) > MOST_NODES) {
      throw new PlacesException(
          "the environment variable %s must be a number of nodes, 1 to %d, not '%s'"
              .formatted(NODES_VARIABLE, MOST_NODES, nodes));
    }
    int count = Integer.parseInt(nodes);
    return Optional.of(file.isEmpty() ? local(count) : read(Path.of(file)).deal(count));
  }

  /** How many nodes all of them take. */
  public int slots() {
    return hosts.stream().mapToInt(Host::slots).sum();
  }

  /**
   * As many of the slots as there are to be nodes.
   *
   * @throws PlacesException if there are fewer slots
   */
  public Hosts deal(int nodes) {
    if (nodes < 1) {
      throw new IllegalArgumentException("cannot deal " + nodes + " nodes; at least 1");
    }
    if (nodes > slots()) {
      throw new PlacesException(
          "%d nodes do not fit: %s; ask for fewer, or give a host more slots"
              .formatted(nodes, description()));
    }
    Map<Host, Integer> dealt = new LinkedHashMap<>();
    for (Host host : dealt().subList(0, nodes)) {
      dealt.merge(host, 1, Integer::sum);
    }
    List<Host> used = new ArrayList<>();
    dealt.forEach((host, slots) -> used.add(new Host(host.name(), slots, host.launcher())));
    return new Hosts(used, secretFile);
  }

  /**
   * With another limit on the time that a node may take to come up. What runs already is not waited for, and a launcher
   * of one's own keeps its ways.
   */
  public Hosts limit(Duration limit) {
    return new Hosts(
        hosts.stream()
            .map(host -> new Host(host.name(), host.slots(), limited(host.launcher(), limit)))
            .toList(),
        secretFile);
  }

  private static Launcher limited(Launcher launcher, Duration limit) {
    return switch (launcher) {
      case ProcessLauncher process -> process.limit(limit);
      case SshLauncher ssh -> ssh.limit(limit);
      default -> launcher;
    };
  }

  /** A launcher for each slot, in the order in which they are dealt. */
  public List<Launcher> launchers() {
    return dealt().stream().map(Host::launcher).toList();
  }

  private List<Host> dealt() {
    List<Host> dealt = new ArrayList<>();
    for (int round = 1; dealt.size() < slots(); round++) {
      for (Host host : hosts) {
        if (host.slots() >= round) {
          dealt.add(host);
        }
      }
    }
    return dealt;
  }

  private String description() {
    List<String> slots = new ArrayList<>();
    for (Host host : hosts) {
      slots.add(
          "%s has %d %s".formatted(host.name(), host.slots(), host.slots() == 1 ? "slot" : "slots"));
    }
    return String.join(", ", slots);
  }
}
