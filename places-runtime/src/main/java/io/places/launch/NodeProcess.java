package io.places.launch;

import java.util.List;

/**
 * The process that a launcher is to start.
 *
 * @param nodeName for messages and as the process's only argument, so that process lists can be read
 * @param mainClass its main class
 * @param configuration lines for its standard input; they hold the cluster's secret
 */
public record NodeProcess(String nodeName, String mainClass, List<String> configuration) {

  /** Ends the configuration on the standard input, which then stays open as the process's lifeline. */
  public static final String END_OF_CONFIGURATION = "end";

  /** Begins the lines on the standard output that are for the launcher, until the node listens. */
  static final String ANNOUNCES = "places-node ";

  /** Begins the line on the standard output by which a node says that it listens; the port follows. */
  public static final String READY = ANNOUNCES + "listens on 127.0.0.1:";

  @Override
  public String toString() {
    return "NodeProcess[" + nodeName + "]"; // without the configuration: it holds the secret
  }
}
