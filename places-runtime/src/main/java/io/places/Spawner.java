package io.places;

/**
 * How the runtime starts threads: for the bodies of places, and for its own work. {@link #system()} is
 * the real one; a simulator runs the same code on a schedule of its own.
 *
 * <p>Threads started here never keep a JVM alive.
 */
public interface Spawner {

  /** Starts a platform thread: for code of users, which may pin, spin or block in native calls. */
  Thread platform(String name, Runnable task);

  /** As {@link #platform(String, Runnable)}, in a group: threads that it starts belong to it, too. */
  Thread platform(ThreadGroup group, String name, Runnable task);

  /** Starts a virtual thread: for the runtime's own work, which blocks and seldom computes. */
  Thread virtual(String name, Runnable task);

  /** The JVM's own threads. */
  static Spawner system() {
    return SystemSpawner.INSTANCE;
  }
}
