package io.places.node;

import io.places.PlaceInterruptedException;
import io.places.Surroundings;
import io.places.launch.Launcher;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;

/** Launches several nodes side by side: all come up, or none stays. */
final class Launches {
  /** A starting JVM keeps more than one core busy: with many at once none is ready in time. */
  private static final int AT_A_TIME = 2 * Runtime.getRuntime().availableProcessors();

  private Launches() {}

  /** The nodes in the order of their launchers, and named in this order. */
  static List<RemoteNode> together(
      Node node, List<Launcher> launchers, Surroundings surroundings) {
    List<CompletableFuture<RemoteNode>> launches = new ArrayList<>();
    var starting = new Semaphore(AT_A_TIME);
    for (Launcher launcher : launchers) {
      String name = node.nextName();
      var launch = new CompletableFuture<RemoteNode>();
      launches.add(launch);
      surroundings
          .spawner()
          .virtual(
              "places-launch-" + name,
              () -> {
                starting.acquireUninterruptibly();
                try {
                  launch.complete(node.launch(name, launcher));
                } catch (RuntimeException e) {
                  launch.completeExceptionally(e);
                } finally {
                  starting.release();
                }
              });
    }
    List<RemoteNode> nodes = new ArrayList<>();
    RuntimeException failure = null;
    for (CompletableFuture<RemoteNode> launch : launches) {
      try {
        nodes.add(launch.get());
      } catch (ExecutionException e) {
        failure = e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failure = new PlaceInterruptedException("interrupted while launching nodes", e);
      }
    }
    if (failure != null) {
      nodes.forEach(RemoteNode::kill);
      throw failure;
    }
    return nodes;
  }
}
