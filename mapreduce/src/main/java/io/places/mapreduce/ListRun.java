package io.places.mapreduce;

import io.places.MessageNotAllowedException;
import io.places.PlaceInterruptedException;
import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import io.places.mapreduce.ListMessage.Answer;
import io.places.mapreduce.ListMessage.Classes;
import io.places.mapreduce.ListMessage.Done;
import io.places.mapreduce.ListMessage.Drop;
import io.places.mapreduce.ListMessage.Failed;
import io.places.mapreduce.ListMessage.Give;
import io.places.mapreduce.ListMessage.Given;
import io.places.mapreduce.ListMessage.Group;
import io.places.mapreduce.ListMessage.MapTask;
import io.places.mapreduce.ListMessage.Merge;
import io.places.mapreduce.ListMessage.Pair;
import io.places.mapreduce.ListMessage.Piece;
import io.places.mapreduce.ListMessage.Send;
import io.places.mapreduce.ListMessage.Silence;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/*
 * A worker either holds nothing, or the reduced pairs of some tasks. Whenever workers are idle:
 * - one that holds nothing gets a task that waits;
 * - of two that hold something one sends it to the other, which reduces both together; it is free then;
 * - one that holds something and has no partner gets a task that waits, too.
 * It is over when all tasks are in what one worker holds. A worker that sends keeps what it has until the other
 * says that it has it. So a lost worker costs the tasks that it held, which are mapped again. Two that live and cannot
 * reach each other are tried with others, if there are; if that does not help either, one of them is set aside, and what
 * it held is mapped again by the others.
 */
/** One call of {@link MapReduceWorkers#mapReduce}. Used by one thread. */
final class ListRun {
  private final long id;
  private final Classes classes;
  private final List<List<Pair>> tasks;
  private final List<ListLink> workers; // neighbours are merged first
  private final BlockingQueue<ListLink.Event> events;
  private final Deque<Integer> waiting = new ArrayDeque<>();
  private final int[] failures;
  private final List<Group> result = new ArrayList<>();
  private boolean given;

  ListRun(
      long id,
      Classes classes,
      List<List<Pair>> tasks,
      List<ListLink> workers,
      BlockingQueue<ListLink.Event> events) {
    this.id = id;
    this.classes = classes;
    this.tasks = tasks;
    this.workers = new ArrayList<>(workers);
    this.events = events;
    this.failures = new int[tasks.size()];
    for (int task = 0; task < tasks.size(); task++) {
      waiting.add(task);
    }
  }

  /** Answers the one list of all tasks. */
  List<Group> run() {
    workers.forEach(ListLink::begin);
    while (!given && !tasks.isEmpty()) {
      requireWorkers(null);
      handOut();
      take();
    }
    return result;
  }

  private void handOut() {
    if (workers.stream().allMatch(worker -> worker.isLost() || worker.isAside())) {
      workers.forEach(ListLink::takeBack);
    }
    for (ListLink worker : idle(false)) {
      if (!waiting.isEmpty()) {
        map(worker);
      }
    }
    List<ListLink> holding = idle(true);
    for (int i = 0; i + 1 < holding.size(); i += 2) {
      merge(holding.get(i), holding.get(i + 1));
    }
    if (holding.size() % 2 == 1) {
      ListLink single = holding.getLast();
      if (!waiting.isEmpty()) {
        map(single);
      } else if (single.held().size() == tasks.size()) {
        result.clear();
        order(single, new Give(id), null, () -> given = true);
      }
    }
  }

  private List<ListLink> idle(boolean holding) {
    return workers.stream()
        .filter(worker -> worker.isIdle() && worker.held().isEmpty() != holding)
        .toList();
  }

  private void map(ListLink worker) {
    int task = waiting.remove();
    order(worker, new MapTask(id, classes, tasks.get(task)), task, () -> worker.held().add(task));
  }

  private void merge(ListLink from, ListLink to) {
    PlaceChannel.Pair<Piece, Silence> way = PlaceChannel.pair(Piece.class, Silence.class);
    to.mergeFrom(from);
    order(to, new Merge(id, classes, way.second()), null, () -> moved(from, to));
    if (!to.isLost()) {
      order(from, new Send(id, way.first()), null, () -> {});
    }
    if (to.isLost() || from.isLost()) { // then nobody holds one end, and the other is not to wait for it
      way.first().close();
      way.second().close();
    }
  }

  private void moved(ListLink from, ListLink to) {
    if (!from.isLost()) {
      tell(from);
    } else if (waiting.containsAll(from.held())) {
      waiting.removeAll(from.held()); // they were thought to be lost with it
    } else { // another worker maps one of them already: it must not count twice
      waiting.addAll(to.held());
      to.held().clear();
      tell(to);
      return;
    }
    from.merged();
    to.held().addAll(from.held());
    from.held().clear();
  }

  private void tell(ListLink worker) {
    try {
      worker.tell(new Drop(id));
    } catch (PlaceInterruptedException e) {
      throw e;
    } catch (PlacesException e) {
      // Its loss is heard by itself, and what it held is elsewhere or waits.
    }
  }

  private void order(
      ListLink worker, ListMessage.Order order, @Nullable Integer task, Runnable done) {
    try {
      worker.order(order, task, done);
    } catch (PlaceInterruptedException | MessageNotAllowedException e) {
      throw e; // it is not the worker's fault
    } catch (PlacesException e) {
      lost(worker, e);
    }
  }

  private void take() {
    ListLink.Event event;
    try {
      event = events.take(); // a worker that falls silent is lost some seconds later
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new PlaceInterruptedException("interrupted while mapping and reducing", e);
    }
    Answer answer = event.answer();
    if (answer == null) {
      lost(event.worker(), event.loss());
      return;
    }
    switch (answer) {
      case Done(long run) when run == id -> event.worker().answered().run();
      case Given(long run, Piece piece) when run == id -> result.addAll(piece.groups());
      case Failed failed when failed.run() == id -> failed(event.worker(), failed);
      default -> {} // of an earlier run, that has failed
    }
  }

  private void failed(ListLink worker, Failed failed) {
    Integer task = worker.task();
    ListLink source = worker.source();
    worker.answered();
    if (failed.ofPeer()) {
      if (source != null) {
        notReached(source, worker, failed);
      }
      return;
    }
    List<Integer> again = new ArrayList<>();
    if (task != null) {
      again.add(task);
    } else {
      again.addAll(worker.held()); // together with others they cannot be reduced here
      worker.held().clear();
      tell(worker);
    }
    again(again, "on node %s: %s".formatted(worker.nodeName(), failed.message()), failed.stack());
  }

  /** If one of the two is lost, that is heard by itself. */
  private void notReached(ListLink from, ListLink to, Failed failed) {
    workers.remove(from);
    workers.add(from);
    if (from.isLost() || !from.countFailedMerge()) {
      return;
    }
    from.setAside();
    List<Integer> again = new ArrayList<>(from.held());
    from.held().clear();
    tell(from);
    again(
        again,
        "node %s did not get from node %s what that had reduced: %s"
            .formatted(to.nodeName(), from.nodeName(), failed.message()),
        failed.stack());
  }

  private void lost(ListLink worker, @Nullable PlacesException loss) {
    if (worker.isLost()) {
      return;
    }
    List<Integer> again = new ArrayList<>(worker.held());
    if (worker.task() != null) {
      again.add(worker.task());
    }
    worker.lose();
    requireWorkers(loss);
    String why = "node %s was lost: %s".formatted(worker.nodeName(), loss == null ? "" : loss.getMessage());
    again(again, why, null);
  }

  private void again(List<Integer> all, String why, @Nullable String stack) {
    for (int task : all) {
      failures[task]++;
      if (failures[task] == Task.MOST_FAILURES) {
        throw new JobFailedException(
            "task %d of %d failed %d times, the last time %s"
                .formatted(task, tasks.size(), failures[task], why),
            stack == null ? null : new TaskFailedException(stack));
      }
      waiting.addFirst(task);
    }
  }

  private void requireWorkers(@Nullable PlacesException loss) {
    if (workers.stream().allMatch(ListLink::isLost)) {
      throw new JobFailedException("no worker is left; start a new group", loss);
    }
  }
}
