package io.places.lives;

import java.util.concurrent.atomic.AtomicInteger;

/** What a child place leaves behind for a test in the same JVM to see. */
final class ChildWatch {
  static final AtomicInteger RUNNING = new AtomicInteger();

  private ChildWatch() {}
}
