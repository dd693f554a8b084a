package io.places;

/**
 * How the runtime starts threads: for the bodies of places, and for its own work. {@link #system()} is
 * the real one; a simulator runs the same code on a schedule of its own.
 *
 * <p>Threads started here never keep a JVM alive.
 */
public interface Spawner {

  /**
   * Starts a platform thread of the runtime's own: it belongs to no place, also if one has it started, and so does
   * not end with one.
   */
  Thread platform(String name, Runnable task);

  /**
   * Starts a platform thread in a group, to which threads that it starts belong, too: for code of users, which may
   * pin, spin or block in native calls.
   */
  Thread platform(ThreadGroup group, String name, Runnable task);

  /** Starts a virtual thread: for the runtime's own work, which blocks and seldom computes. */
  Thread virtual(String name, Runnable task);

  /** The group of threads that belong to no place; those of places lie in it. */
  static ThreadGroup outermost() {
    ThreadGroup group = Thread.currentThread().getThreadGroup();
    while (group.getParent() != null) {
      group = group.getParent();
    }
    return group;
  }

  /** The JVM's own threads. */
  static Spawner system() {
    return SystemSpawner.INSTANCE;
  }
}
