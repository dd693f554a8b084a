package io.places.launch;

import io.places.PlacesException;
import io.places.launch.Hosts.Host;
import java.net.InetSocketAddress;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/*
 * Works on the tree of the YAML text and not on values made of it: so each complaint names a line, and a
 * value is read as what its key needs, whatever YAML would take it for.
 */
/** A hosts file's text, read. */
final class HostsFile {
  private static final Set<String> TOP_KEYS = keys("hosts", "secret-file");
  private static final Set<String> PROCESS_KEYS = keys("launcher", "slots", "jvm-options");
  private static final Set<String> ATTACH_KEYS = keys("launcher", "address");
  private static final Set<String> SSH_KEYS =
      keys("launcher", "host", "slots", "user", "port", "identity", "config", "java", "jvm-options");

  private final Path file;

  private HostsFile(Path file) {
    this.file = file;
  }

  static Hosts parse(Path file, String text) {
    return new HostsFile(file).hosts(text);
  }

  private Hosts hosts(String text) {
    Map<String, Node> top = mapping(tree(text), "the file", TOP_KEYS);
    if (!(top.get("hosts") instanceof SequenceNode list) || list.getValue().isEmpty()) {
      throw wrong(top.get("hosts"), "there must be a list 'hosts' with at least one entry");
    }
    List<Host> hosts = new ArrayList<>();
    for (Node entry : list.getValue()) {
      hosts.add(host(entry));
    }
    return new Hosts(hosts, path(top, "secret-file"));
  }

  private Node tree(String text) {
    try {
      LoadSettings settings = LoadSettings.builder().setLabel(file.toString()).build();
      return new Compose(settings)
          .composeString(text)
          .orElseThrow(() -> wrong(null, "it is empty; there must be a list 'hosts'"));
    } catch (MarkedYamlEngineException e) {
      throw new PlacesException(
          "%s: %s%s".formatted(at(e.getProblemMark().orElse(null)), e.getProblem(), hint()), e);
    } catch (YamlEngineException e) {
      throw new PlacesException("%s: %s".formatted(at(null), e.getMessage()), e);
    } catch (StackOverflowError e) {
      throw new PlacesException(at(null) + ": it is nested too deep for a hosts file", e);
    }
  }

  private String hint() {
    return file.toString().endsWith(".toml") ? "; a hosts file is YAML, not TOML" : "";
  }

  private Host host(Node entry) {
    Map<String, Node> keys = mapping(entry, "a host", null);
    String launcher =
        keys.containsKey("launcher") ? text(keys, "launcher") : keys.containsKey("host") ? "ssh" : "";
    try {
      return switch (launcher) {
        case "ssh" -> ssh(entry);
        case "process" -> process(entry);
        case "attach" -> attached(entry);
        case "" ->
            throw wrong(entry, "an entry needs 'host' (for ssh), or a 'launcher': process or attach");
        default ->
            throw wrong(
                keys.get("launcher"),
                "there is no launcher '%s'; it is ssh, process or attach".formatted(launcher));
      };
    } catch (IllegalArgumentException e) { // of the launchers themselves
      throw wrong(entry, String.valueOf(e.getMessage()));
    }
  }

  private Host ssh(Node entry) {
    Map<String, Node> keys = mapping(entry, "a host", SSH_KEYS);
    if (!keys.containsKey("host")) {
      throw wrong(entry, "an entry for ssh needs 'host'");
    }
    SshLauncher launcher = Launch.ssh(text(keys, "host"));
    if (keys.containsKey("user")) {
      launcher = launcher.user(text(keys, "user"));
    }
    if (keys.containsKey("port")) {
      launcher = launcher.port(Math.clamp(number(keys, "port"), -1, Integer.MAX_VALUE));
    }
    Path identity = path(keys, "identity");
    if (identity != null) {
      launcher = launcher.identity(identity);
    }
    Path config = path(keys, "config");
    if (config != null) {
      launcher = launcher.config(config);
    }
    if (keys.containsKey("java")) {
      launcher = launcher.java(text(keys, "java"));
    }
    for (String option : texts(keys, "jvm-options")) {
      launcher = launcher.jvmOption(option);
    }
    return new Host(launcher.host(), slots(keys), launcher);
  }

  private Host process(Node entry) {
    Map<String, Node> keys = mapping(entry, "an entry with launcher process", PROCESS_KEYS);
    ProcessLauncher launcher = Launch.process();
    for (String option : texts(keys, "jvm-options")) {
      launcher = launcher.jvmOption(option);
    }
    return new Host("localhost", slots(keys), launcher);
  }

  private Host attached(Node entry) {
    Map<String, Node> keys = mapping(entry, "an entry with launcher attach", ATTACH_KEYS);
    if (!keys.containsKey("address")) {
      throw wrong(entry, "an entry to attach needs 'address', as host:port");
    }
    String address = text(keys, "address");
    return new Host(address, 1, Launch.attach(address(keys.get("address"), address)));
  }

  private InetSocketAddress address(Node at, String text) {
    try {
      return HostAndPort.parse(text);
    } catch (IllegalArgumentException e) {
      throw wrong(at, String.valueOf(e.getMessage()));
    }
  }

  private int slots(Map<String, Node> keys) {
    if (!keys.containsKey("slots")) {
      return 1;
    }
    long slots = number(keys, "slots");
    if (slots < 1 || slots > Hosts.MOST_NODES) {
      throw wrong(
          keys.get("slots"), "'slots' must be 1 to %d, not %d".formatted(Hosts.MOST_NODES, slots));
    }
    return (int) slots;
  }

  private Map<String, Node> mapping(Node node, String what, @Nullable Set<String> allowed) {
    if (!(node instanceof MappingNode mapping)) {
      throw wrong(node, what + " must consist of lines 'key: value'");
    }
    Map<String, Node> values = new LinkedHashMap<>();
    for (NodeTuple tuple : mapping.getValue()) {
      Node key = tuple.getKeyNode();
      String name = key instanceof ScalarNode scalar ? scalar.getValue() : "?";
      if (allowed != null && !allowed.contains(name)) {
        throw wrong(
            key, "unknown key '%s'; %s has %s".formatted(name, what, String.join(", ", allowed)));
      }
      if (values.put(name, tuple.getValueNode()) != null) {
        throw wrong(key, "the key '%s' is there twice".formatted(name));
      }
    }
    return values;
  }

  private String text(Map<String, Node> keys, String key) {
    return text(keys.get(key), "'" + key + "'");
  }

  private String text(@Nullable Node node, String what) {
    if (!(node instanceof ScalarNode scalar) || scalar.getValue().isEmpty()) {
      throw wrong(node, what + " must be a text");
    }
    return scalar.getValue();
  }

  private List<String> texts(Map<String, Node> keys, String key) {
    Node node = keys.get(key);
    if (node == null) {
      return List.of();
    }
    if (!(node instanceof SequenceNode list)) {
      throw wrong(node, "'%s' must be a list, as [-Xmx1g, -Xss1m]".formatted(key));
    }
    List<String> texts = new ArrayList<>();
    for (Node entry : list.getValue()) {
      texts.add(text(entry, "an entry of '" + key + "'"));
    }
    return texts;
  }

  private long number(Map<String, Node> keys, String key) {
    String value = text(keys, key);
    if (!value.matches("-?\\d{1,18}")) {
      throw wrong(keys.get(key), "'%s' must be a number, not '%s'".formatted(key, value));
    }
    return Long.parseLong(value);
  }

  /** Relative to the file's folder; '~' is the user's home folder. */
  private @Nullable Path path(Map<String, Node> keys, String key) {
    if (!keys.containsKey(key)) {
      return null;
    }
    String value = text(keys, key);
    try {
      return value.startsWith("~/")
          ? Path.of(System.getProperty("user.home"), value.substring(2))
          : file.toAbsolutePath().resolveSibling(value).normalize();
    } catch (InvalidPathException e) {
      throw wrong(keys.get(key), "'%s' is no path: %s".formatted(value, e.getReason()));
    }
  }

  private PlacesException wrong(@Nullable Node node, String what) {
    return new PlacesException(
        at(node == null ? null : node.getStartMark().orElse(null)) + ": " + what);
  }

  private String at(@Nullable Mark mark) {
    return mark == null ? file.toString() : "%s, line %d".formatted(file, mark.getLine() + 1);
  }

  private static Set<String> keys(String... names) {
    return new TreeSet<>(List.of(names));
  }
}
