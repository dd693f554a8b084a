package io.places;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Whose a line of the log is: where several nodes share a JVM, the runtime's own lines do not tell by themselves. */
public final class LogContext {
  private static final String NODE = "node";
  private static final String PLACE = "place";

  private LogContext() {}

  /** What the calling thread logs from now on is a place's. */
  public static void ofThread(String node, String place) {
    MDC.put(NODE, node);
    MDC.put(PLACE, place);
  }

  /** What the calling thread logs from now on is a node's, and no place's. */
  public static void ofThread(String node) {
    MDC.put(NODE, node);
    MDC.remove(PLACE); // some logging systems hand the context of a place down to threads that it has started
  }

  /** Logs a line as a node's, whoever's thread this is. */
  public static void of(String node, Runnable line) {
    String nodeBefore = MDC.get(NODE);
    String placeBefore = MDC.get(PLACE);
    ofThread(node);
    try {
      line.run();
    } finally {
      restore(NODE, nodeBefore);
      restore(PLACE, placeBefore);
    }
  }

  private static void restore(String key, @Nullable String before) {
    if (before == null) {
      MDC.remove(key);
    } else {
      MDC.put(key, before);
    }
  }
}
