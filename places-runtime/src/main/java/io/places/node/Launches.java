package io.places.node;

import io.places.LaunchException;
import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.Spawner;
import io.places.Surroundings;
import io.places.launch.Hosts;
import io.places.launch.Launcher;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;

/*
 * When one fails, nobody waits for the others: on a busy machine that would take seconds. Their threads are interrupted,
 * which ends the processes that they have begun.
 */
/** Launches several nodes side by side: all come up, or none stays. */
final class Launches {
  /** A starting JVM keeps more than one core busy: with many at once none is ready in time. */
  private static final int AT_A_TIME = 2 * Runtime.getRuntime().availableProcessors();

  private Launches() {}

  /**
   * The nodes in the order of their launchers, and named in this order. When one fails no other is begun, and those that
   * are under way are given up.
   *
   * @throws LaunchException if there are more than can be connected to this one
   */
  static List<RemoteNode> together(
      Node node, List<Launcher> launchers, Surroundings surroundings) {
    if (launchers.size() > Hosts.MOST_NODES) {
      throw new LaunchException(
          "%d nodes cannot be launched from one, which takes at most %d"
              .formatted(launchers.size(), Hosts.MOST_NODES));
    }
    List<CompletableFuture<RemoteNode>> launches = new ArrayList<>();
    var starting = new Semaphore(AT_A_TIME);
    var failure = new CompletableFuture<RuntimeException>();
    Spawner spawner = surroundings.spawner();
    List<Thread> threads = new ArrayList<>();
    for (Launcher launcher : launchers) {
      String name = node.nextName();
      var launch = new CompletableFuture<RemoteNode>();
      launches.add(launch);
      Runnable launching =
          () -> {
            starting.acquireUninterruptibly();
            try {
              if (failure.isDone()) {
                throw failure.join();
              }
              RemoteNode launched = node.launch(name, launcher);
              if (!launch.complete(launched)) {
                launched.kill(); // nobody waits for it any more
              }
            } catch (RuntimeException | Error e) { // whoever waits is told
              failure.complete(naming(name, e));
              launch.completeExceptionally(e);
            } finally {
              starting.release();
            }
          };
      threads.add(spawner.virtual("places-launch-" + name, launching));
    }
    var _ = failure.thenRun(() -> threads.forEach(Thread::interrupt));
    List<RemoteNode> nodes = new ArrayList<>();
    for (CompletableFuture<RemoteNode> launch : launches) {
      try {
        nodes.add(launch.get());
      } catch (ExecutionException e) {
        // The first of them is thrown below.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        var interrupted = new PlaceInterruptedException("interrupted while launching nodes", e);
        failure.complete(interrupted);
        if (!launch.completeExceptionally(interrupted) && !launch.isCompletedExceptionally()) {
          nodes.add(launch.join()); // just come up
        }
      }
    }
    if (failure.isDone()) {
      nodes.forEach(RemoteNode::kill);
      throw failure.join();
    }
    return nodes;
  }

  /** What fails in ways of ours says of which node it speaks; somebody's launcher may not. */
  private static RuntimeException naming(String name, Throwable failure) {
    return failure instanceof PlacesException ours
        ? ours
        : new LaunchException("node %s cannot be launched: %s".formatted(name, failure), failure);
  }
}
