package io.places;

/** The JVM's own threads. */
enum SystemSpawner implements Spawner {
  INSTANCE;

  @Override
  public Thread platform(String name, Runnable task) {
    return platform(Spawner.outermost(), name, task);
  }

  @Override
  public Thread platform(ThreadGroup group, String name, Runnable task) {
    return Thread.ofPlatform().group(group).name(name).daemon().start(task);
  }

  @Override
  public Thread virtual(String name, Runnable task) {
    return Thread.ofVirtual().name(name).start(task);
  }
}
