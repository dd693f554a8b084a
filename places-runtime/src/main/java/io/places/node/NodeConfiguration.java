package io.places.node;

import io.places.launch.NodeProcess;
import io.places.place.AllowList;
import io.places.wire.ClusterKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What a launched node is told on its standard input, as lines of {@code key=value}. */
record NodeConfiguration(
    String name, ClusterKey key, UUID owner, AllowList allowed, int largestMessage) {
  private static final String ALLOW = "allow="; // once for each package

  /** Holds the cluster's secret: for a child's standard input only. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("name=" + name);
    lines.add("key=" + key.expose());
    lines.add("owner=" + owner);
    lines.add("largest-message=" + largestMessage);
    allowed.packages().forEach(allow -> lines.add(ALLOW + allow));
    return lines;
  }

  static NodeConfiguration read(BufferedReader in) throws IOException {
    Map<String, String> values = new HashMap<>();
    List<String> packages = new ArrayList<>();
    for (String line = in.readLine();
        !NodeProcess.END_OF_CONFIGURATION.equals(line);
        line = in.readLine()) {
      if (line == null) {
        throw new IOException("the standard input ended before the configuration did");
      }
      int equals = line.indexOf('=');
      if (line.startsWith(ALLOW)) {
        packages.add(line.substring(ALLOW.length()));
      } else if (equals > 0) {
        values.put(line.substring(0, equals), line.substring(equals + 1));
      }
    }
    return new NodeConfiguration(
        value(values, "name"),
        ClusterKey.parse(value(values, "key")),
        UUID.fromString(value(values, "owner")),
        new AllowList(packages),
        Integer.parseInt(value(values, "largest-message")));
  }

  /** The options of the node that this configures. */
  NodeOptions options() {
    return NodeOptions.standard()
        .name(name)
        .key(key)
        .largestMessage(largestMessage)
        .allow(allowed.packages().toArray(String[]::new));
  }

  private static String value(Map<String, String> values, String key) throws IOException {
    String value = values.get(key);
    if (value == null) {
      throw new IOException("the configuration lacks '" + key + "'");
    }
    return value;
  }

  @Override
  public String toString() {
    return "NodeConfiguration[" + name + "]"; // without the key
  }
}
