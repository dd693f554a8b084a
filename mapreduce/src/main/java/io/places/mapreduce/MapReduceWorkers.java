package io.places.mapreduce;

import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.launch.Hosts;
import io.places.mapreduce.ListMessage.Classes;
import io.places.mapreduce.ListMessage.Group;
import io.places.mapreduce.ListMessage.Pair;
import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.node.RemoteNode;
import io.places.place.UserClasses;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Map-reduce as the dissertation on distributed places has it: lists in, a list out. Each task is mapped and reduced by
 * a worker; then, two at a time, one worker sends what it has to another, which reduces both together, until one list
 * is left.
 *
 * {@snippet :
 * try (var workers = MapReduceWorkers.makeMapReduceWorkers(Hosts.local(2), "com.example")) {
 *   var tasks = List.of(List.of(new KeyValue<>(0, "/tmp/w0")), List.of(new KeyValue<>(1, "/tmp/w1")));
 *   long words = workers.mapReduce(tasks, WordMapper.class, WordReducer.class, PrintCounts.class);
 * }
 * }
 *
 * <p>All of it is in memory: of the list of a task, and in the end of the whole, at a worker and at the caller. {@link
 * Job} is for more than that. A task whose classes throw, or whose worker is lost, is mapped again, up to 4 times, with
 * what that worker had reduced before.
 *
 * <p>Safe for use by many threads; a call waits until those before it are done.
 */
public final class MapReduceWorkers implements AutoCloseable {
  private static final String OWN_PACKAGE = MapReduceWorkers.class.getPackageName();

  private final Node node;
  private final List<ListLink> workers;
  private final List<RemoteNode> nodes;
  private final BlockingQueue<ListLink.Event> events = new LinkedBlockingQueue<>();
  private final ReentrantLock running = new ReentrantLock();
  private long runs;

  private MapReduceWorkers(Node node, List<RemoteNode> nodes) {
    this.node = node;
    this.nodes = nodes;
    var started = StartedWorkers.on(nodes, MapReduceWorkers::start);
    started.setbacks().forEach(setback -> node.log(System.Logger.Level.WARNING, setback));
    this.workers = started.all();
    for (ListLink worker : workers) {
      node.surroundings()
          .spawner()
          .virtual("mapreduce-list-" + worker.nodeName(), () -> worker.receive(events));
    }
  }

  private static ListLink start(RemoteNode remote) {
    return new ListLink(remote, remote.place(ListWorker::body));
  }

  /**
   * Starts a worker for each slot of some hosts. A node that is lost when it has come up, before its worker runs, is left
   * out, with a warning in the log.
   *
   * @param packages of the classes of mappers, reducers and pairs: workers load no others
   * @throws io.places.LaunchException if a node does not come up, or all are lost; none is left running then
   */
  public static MapReduceWorkers makeMapReduceWorkers(Hosts config, String... packages) {
    Node node = Node.start(NodeOptions.standard().hosts(config).allow(OWN_PACKAGE).allow(packages));
    try {
      return new MapReduceWorkers(node, node.launch(config));
    } catch (RuntimeException e) {
      node.close();
      throw e;
    }
  }

  /** The nodes of the workers, of those that are lost, too. */
  public List<RemoteNode> nodes() {
    return nodes;
  }

  /**
   * Maps and reduces some tasks.
   *
   * <p>Where this fails, or its thread is interrupted, workers may still be at it. When the next call has something
   * for them they are interrupted; it waits for classes that do not heed that.
   *
   * @return the pairs to which all was reduced, in the order of their keys; none if there are no tasks
   * @throws IllegalArgumentException if a class cannot be made by its name, or leaves a type open
   * @throws JobFailedException if a task fails 4 times, with what was thrown, or no worker is left
   * @throws PlaceInterruptedException if this thread is interrupted
   */
  public <K1, V1, K, V> List<KeyValue<K, List<V>>> mapReduce(
      List<List<KeyValue<K1, V1>>> tasks,
      Class<? extends ListMapper<K1, V1, K, V>> mapper,
      Class<? extends ListReducer<K, V>> reducer) {
    Classes classes =
        new Classes(UserClasses.name("mapper", mapper), UserClasses.name("reducer", reducer));
    GroupList<K1, V1, K, V> types = types(mapper);
    List<List<Pair>> encoded = new ArrayList<>();
    for (List<KeyValue<K1, V1>> task : tasks) {
      encoded.add(types.encodeTask(task));
    }
    try {
      running.lockInterruptibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException("interrupted before the tasks were begun", e);
    }
    try {
      List<Group> groups = new ListRun(++runs, classes, encoded, workers, events).run();
      return types.decode(groups);
    } finally {
      running.unlock();
    }
  }

  /**
   * Maps and reduces some tasks, and has the outputer make something of the result, here.
   *
   * @return what the outputer answers
   * @throws PlacesException if the outputer throws, with that as its cause
   */
  public <K1, V1, K, V, R> R mapReduce(
      List<List<KeyValue<K1, V1>>> tasks,
      Class<? extends ListMapper<K1, V1, K, V>> mapper,
      Class<? extends ListReducer<K, V>> reducer,
      Class<? extends Outputer<K, V, R>> outputer) {
    UserClasses.name("outputer", outputer);
    Outputer<K, V, R> made = UserClasses.create(outputer);
    List<KeyValue<K, List<V>>> all = mapReduce(tasks, mapper, reducer);
    try {
      return made.output(all);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException("interrupted in " + outputer.getName(), e);
    } catch (Exception e) {
      throw new PlacesException("outputer %s failed: %s".formatted(outputer.getName(), e), e);
    }
  }

  @SuppressWarnings("unchecked") // the mapper's declaration says so
  private static <K1, V1, K, V> GroupList<K1, V1, K, V> types(
      Class<? extends ListMapper<K1, V1, K, V>> mapper) {
    return (GroupList<K1, V1, K, V>) (GroupList<?, ?, ?, ?>) GroupList.of(mapper);
  }

  /** Ends the workers. What still runs fails. */
  @Override
  public void close() {
    node.close();
  }
}
