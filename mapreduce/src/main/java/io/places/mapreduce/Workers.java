package io.places.mapreduce;

import io.places.LaunchException;
import io.places.PlaceInterruptedException;
import io.places.launch.Hosts;
import io.places.launch.Launch;
import io.places.launch.Launcher;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.node.RemoteNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A group of workers, each a place on a node of its own, that runs jobs: one after another, as many as
 * wanted.
 *
 * {@snippet :
 * try (Workers workers = Workers.processes(3, "com.example.jobs")) {
 *   JobReport report = workers.run(job, JobListener.NONE);
 * }
 * }
 *
 * <p>The workers end when the group is closed, and when this JVM ends, however that comes about. When a
 * worker dies or falls silent for 8 s, the others do its work: what it was at, and the map output it held
 * as far as that is still needed. The group goes on with those that are left, in later jobs, too. A task
 * whose attempts fail is tried up to 4 times, on several workers if there are; one that takes much longer
 * than others is tried by an idle worker, too, and the first to finish counts. So mappers and reducers
 * may run more than once for the same input: what they do besides emitting must bear that. The output
 * and the counters are of one attempt each.
 *
 * <p>Safe for use by many threads; a job waits until those before it are done.
 */
public final class Workers implements AutoCloseable {
  /** The package of the worker's own body. */
  private static final String OWN_PACKAGE = Workers.class.getPackageName();

  private final Node node;
  private final List<WorkerLink> links;
  private final WorkerOptions options;
  private final BlockingQueue<WorkerLink.Event> events = new LinkedBlockingQueue<>();
  private final ReentrantLock running = new ReentrantLock();
  private final Homes homes = new Homes();

  /** What no listener has heard yet. Used by who runs a job. */
  private final List<String> setbacks;

  private long jobs;

  private Workers(Node node, StartedWorkers<WorkerLink> workers, WorkerOptions options) {
    this.node = node;
    this.links = workers.all();
    this.setbacks = new ArrayList<>(workers.setbacks());
    this.options = options;
    for (WorkerLink link : links) {
      node.surroundings()
          .spawner()
          .virtual("mapreduce-" + link.node().name(), () -> link.receive(events));
    }
  }

  /**
   * Starts workers in JVMs of their own on this machine, which are told a few options that suit workers. Together
   * they run one task for each core; each runs at least one at a time.
   *
   * @param packages of the jobs' classes: workers load no others
   * @throws IllegalArgumentException if the count is not positive
   * @throws LaunchException if a worker does not come up; none is left running then. Where one is lost after that, the
   *     group begins with the others, and the listener of its first job is told
   */
  public static Workers processes(int count, String... packages) {
    return launch(count, WorkerJvm.tuned(Launch.process(), tasksForEach(count)), packages);
  }

  /** As {@link #processes(int, String...)}, each of which may take so long to come up. */
  public static Workers processes(int count, Duration startLimit, String... packages) {
    var launcher = Launch.process().limit(startLimit);
    return launch(count, WorkerJvm.tuned(launcher, tasksForEach(count)), packages);
  }

  /** As {@link #processes(int, String...)}, by any launcher. */
  public static Workers launch(int count, Launcher launcher, String... packages) {
    return launch(count, launcher, WorkerOptions.standard(), packages);
  }

  /** As {@link #processes(int, String...)}, by any launcher, with options. */
  public static Workers launch(
      int count, Launcher launcher, WorkerOptions options, String... packages) {
    if (count < 1) {
      throw new IllegalArgumentException("a group has at least 1 worker, not " + count);
    }
    int tasks = options.tasksAtATime() > 0 ? options.tasksAtATime() : tasksForEach(count);
    return launch(Hosts.of(count, launcher), options.tasksAtATime(tasks), packages);
  }

  private static int tasksForEach(int workers) {
    return Math.max(1, Runtime.getRuntime().availableProcessors() / Math.max(1, workers));
  }

  /**
   * Starts a worker for each slot of the hosts, which runs one task at a time. Input files and the output
   * folder must be reachable by the same paths on all of them.
   *
   * @param packages of the jobs' classes: workers load no others
   * @throws LaunchException if a worker does not come up; none is left running then. Where one is lost after that, the
   *     group begins with the others, and the listener of its first job is told
   */
  public static Workers launch(Hosts hosts, String... packages) {
    return launch(hosts, WorkerOptions.standard(), packages);
  }

  /** As {@link #launch(Hosts, String...)}, with options. */
  public static Workers launch(Hosts hosts, WorkerOptions options, String... packages) {
    WorkerOptions complete = options.tasksAtATime(Math.max(1, options.tasksAtATime()));
    Node node =
        Node.start(NodeOptions.standard().hosts(hosts).allow(OWN_PACKAGE).allow(packages));
    try {
      return on(node, node.launch(hosts), complete);
    } catch (RuntimeException e) {
      node.close();
      throw e;
    }
  }

  /** On nodes that have come up, whose owner is closed with the group. */
  static Workers on(Node node, List<RemoteNode> nodes, WorkerOptions options) {
    return new Workers(node, StartedWorkers.on(nodes, WorkerLink::start), options);
  }

  /** The nodes on which workers run, without those that are lost. */
  public List<RemoteNode> nodes() {
    return alive().stream().map(WorkerLink::node).toList();
  }

  /**
   * Runs a job and waits for its end.
   *
   * @throws InputException if the input is missing, unreadable or damaged
   * @throws OutputException if there is output already, or it cannot be written
   * @throws JobFailedException if a task fails 4 times, or no worker is left; nothing of the output is
   *     left then
   * @throws PlaceInterruptedException if this thread is interrupted; likewise
   */
  public JobReport run(Job job, JobListener listener) {
    if (running.isHeldByCurrentThread()) {
      throw new IllegalStateException("a listener of a job cannot run another on the same workers");
    }
    try {
      running.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException(
          "interrupted before job '%s' began".formatted(job.spec().getName()), e);
    }
    try {
      homes.forgetLost();
      List<String> untold = List.copyOf(setbacks);
      setbacks.clear(); // told once, also to a listener that throws
      untold.forEach(listener::setback);
      var classes = new AllowedClasses(node.allowed());
      var controller =
          new Controller(
              ++jobs, job, classes, alive(), homes, options, events, node.surroundings(), listener);
      return controller.run();
    } catch (IOException e) {
      throw new OutputException("job '%s': %s".formatted(job.spec().getName(), e), e);
    } finally {
      running.unlock();
    }
  }

  private List<WorkerLink> alive() {
    return links.stream().filter(link -> !link.isLost()).toList();
  }

  /** Ends the workers. A job that still runs fails. */
  @Override
  public void close() {
    node.close();
  }
}
