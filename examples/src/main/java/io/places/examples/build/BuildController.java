package io.places.examples.build;

import io.places.event.Event;
import io.places.place.Place;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/**
 * Hands out jobs. Whichever worker speaks first is answered first; one that asks when no unit is ready
 * waits until another has finished what that unit needs.
 */
final class BuildController {
  private final JobQueue jobs;

  /** Those that have not been told that they are done. */
  private final List<Place<Order, WorkerMessage>> workers;

  private final Queue<Place<Order, WorkerMessage>> idle = new ArrayDeque<>();

  BuildController(JobQueue jobs, List<Place<Order, WorkerMessage>> workers) {
    this.jobs = jobs;
    this.workers = new ArrayList<>(workers);
  }

  /**
   * Works until all workers are done.
   *
   * @throws io.places.ChannelClosedException if a worker fails, with its failure as the cause
   */
  BuildReport run() {
    while (!workers.isEmpty()) {
      List<Event<Runnable>> messages = new ArrayList<>();
      for (Place<Order, WorkerMessage> worker : workers) {
        messages.add(worker.receiveEvent().map(message -> () -> handle(worker, message)));
      }
      Event.<Runnable>sync(Event.choose(messages)).run();
    }
    return jobs.report();
  }

  private void handle(Place<Order, WorkerMessage> worker, WorkerMessage message) {
    switch (message) {
      case WorkerMessage.GetJob ask -> idle.add(worker);
      case WorkerMessage.JobFinished job -> jobs.finished(job.unit(), job.problems());
    }
    Iterator<Place<Order, WorkerMessage>> asking = idle.iterator();
    while (asking.hasNext() && answer(asking.next())) {
      asking.remove();
    }
  }

  /** Whether there was something to tell the worker. */
  private boolean answer(Place<Order, WorkerMessage> worker) {
    Optional<BuildUnit> unit = jobs.next();
    if (unit.isPresent()) {
      List<String> files = unit.get().files().stream().map(Path::toString).toList();
      worker.put(new Order.Compile(unit.get().number(), files));
      return true;
    }
    if (jobs.isOver()) {
      worker.put(new Order.Done());
      workers.remove(worker);
      return true;
    }
    return false;
  }
}
