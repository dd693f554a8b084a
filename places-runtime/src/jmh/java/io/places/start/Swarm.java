package io.places.start;

import io.places.channel.PlaceChannel;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.place.Isolation;
import io.places.place.Place;
import io.places.place.Spawn;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/**
 * Many tasks that wait for a message each: places, virtual threads with a queue, actors. Each task gets
 * one message and ends.
 */
interface Swarm extends AutoCloseable {

  /** Starts the tasks; returns when each is there to be sent a message. */
  void start(int count) throws InterruptedException;

  /** Sends each task its message, and waits until all have ended. */
  void finish() throws InterruptedException;

  @Override
  void close();

  final class OfPlaces implements Swarm {
    private final Node node = Node.start(NodeOptions.standard().allow("io.places.start"));
    private final List<Place<String, Void>> places = new ArrayList<>();

    /** Waits for its message. */
    static void body(PlaceChannel<Void, String> channel) {
      channel.get();
    }

    @Override
    public void start(int count) {
      for (int i = 0; i < count; i++) {
        places.add(node.place(Spawn.isolated(Isolation.VIRTUAL), OfPlaces::body));
      }
    }

    @Override
    public void finish() {
      places.forEach(place -> place.put("end"));
      places.forEach(Place::join);
      places.clear();
    }

    @Override
    public void close() {
      node.close();
    }
  }

  final class OfThreads implements Swarm {
    private record Task(Thread thread, LinkedBlockingQueue<String> queue) {}

    private final List<Task> tasks = new ArrayList<>();

    @Override
    public void start(int count) {
      for (int i = 0; i < count; i++) {
        var queue = new LinkedBlockingQueue<String>();
        tasks.add(new Task(Thread.startVirtualThread(() -> takeOne(queue)), queue));
      }
    }

    private static void takeOne(LinkedBlockingQueue<String> queue) {
      try {
        queue.take();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    @Override
    public void finish() throws InterruptedException {
      for (Task task : tasks) {
        task.queue().put("end");
      }
      for (Task task : tasks) {
        task.thread().join();
      }
      tasks.clear();
    }

    @Override
    public void close() {}
  }

  final class OfActors implements Swarm {
    private sealed interface Command {}

    private record Start(int count, CountDownLatch started) implements Command {}

    private final ActorSystem<Command> system =
        ActorSystem.create(Behaviors.setup(context -> guardian(context::spawnAnonymous)), "swarm");

    private final List<ActorRef<String>> actors = new ArrayList<>();
    private CountDownLatch ended = new CountDownLatch(0);

    private interface Parent {
      ActorRef<String> spawn(Behavior<String> behavior);
    }

    private Behavior<Command> guardian(Parent parent) {
      return Behaviors.receiveMessage(
          command -> {
            if (command instanceof Start(int count, CountDownLatch started)) {
              for (int i = 0; i < count; i++) {
                actors.add(parent.spawn(task()));
              }
              started.countDown();
            }
            return Behaviors.same();
          });
    }

    private Behavior<String> task() {
      return Behaviors.receive(String.class)
          .onAnyMessage(message -> Behaviors.stopped())
          .onSignal(
              PostStop.class,
              stopped -> {
                ended.countDown();
                return Behaviors.same();
              })
          .build();
    }

    @Override
    public void start(int count) throws InterruptedException {
      ended = new CountDownLatch(count);
      var started = new CountDownLatch(1);
      system.tell(new Start(count, started));
      started.await();
    }

    @Override
    public void finish() throws InterruptedException {
      actors.forEach(actor -> actor.tell("end"));
      ended.await();
      actors.clear();
    }

    @Override
    public void close() {
      system.terminate();
    }
  }
}
