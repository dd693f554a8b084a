package io.places.mapreduce;

import io.places.ChannelClosedException;
import io.places.NodeLostException;
import io.places.PlacesException;
import io.places.channel.PlaceChannel;
import io.places.mapreduce.proto.BeginJob;
import io.places.mapreduce.proto.FetchPartition;
import io.places.mapreduce.proto.FromWorker;
import io.places.mapreduce.proto.JobEnded;
import io.places.mapreduce.proto.RunMap;
import io.places.mapreduce.proto.RunReduce;
import io.places.mapreduce.proto.Source;
import io.places.mapreduce.proto.StopTask;
import io.places.mapreduce.proto.TaskKind;
import io.places.mapreduce.proto.ToWorker;
import io.places.mapreduce.proto.WorkerSettings;
import io.places.node.Node;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/*
 * A worker is a named place. Its clients are the controller, which gives it tasks, and other workers,
 * which fetch map output. Each client is served by a thread of its own; each task runs in one of its own,
 * so that the controller can end a job in the middle of a task; and so is each answer to a fetch.
 */
/** Runs the tasks of jobs on one node. */
final class Worker {
  static final String NAME = "mapreduce-worker";

  private final Node node;
  private final JobClasses classes;
  private final Map<Long, WorkerJob> jobs = new ConcurrentHashMap<>();
  private final KeptSplits keptSplits = new KeptSplits();
  private final FetchChannels fetchChannels;

  private @Nullable TaskMemory memory;

  private Worker(Node node) {
    this.node = node;
    this.classes = new AllowedClasses(node.allowed());
    this.fetchChannels = new FetchChannels(node);
  }

  /** The place's body. */
  static void body(PlaceChannel<Void, PlaceChannel<FromWorker, ToWorker>> clients) {
    Worker worker = new Worker(Node.current());
    while (true) {
      PlaceChannel<FromWorker, ToWorker> client = clients.get();
      worker
          .node
          .surroundings()
          .spawner()
          .virtual("mapreduce-client", () -> worker.serve(client));
    }
  }

  private void serve(PlaceChannel<FromWorker, ToWorker> client) {
    try (client;
        var sender = new Sender(node.surroundings().spawner())) {
      while (true) {
        handle(client.get(), client, sender);
      }
    } catch (ChannelClosedException | NodeLostException e) {
      // The client is done, or gone. A controller that is gone takes this node with it.
    }
  }

  private void handle(
      ToWorker message, PlaceChannel<FromWorker, ToWorker> client, Sender sender) {
    switch (message.getBodyCase()) {
      case BEGIN_JOB -> begin(message.getBeginJob());
      case RUN_MAP -> map(message.getRunMap(), client);
      case RUN_REDUCE -> reduce(message.getRunReduce(), client);
      case SIDE_CHUNK -> job(message.getSideChunk().getJob()).side().add(message.getSideChunk());
      case STOP_TASK -> stop(message.getStopTask());
      case END_JOB -> end(message.getEndJob().getJob(), client);
      case FETCH_PARTITION -> {
        FetchPartition request = message.getFetchPartition();
        var answer = new PacedAnswer(client, request.getRoom());
        WorkerJob job = jobs.get(request.getJob()); // none: that is the answer
        boolean combines = job != null && job.hasCombiner();
        sender.begin(answer, combines, () -> send(request, answer, client));
      }
      case FETCH_MORE -> sender.more(message.getFetchMore().getBytes());
      case BODY_NOT_SET -> {} // of a later version
    }
  }

  private void begin(BeginJob message) {
    TaskMemory shared = memory(message.getSettings());
    jobs.put(message.getJob(), new WorkerJob(message, classes, shared, keptSplits));
  }

  /** Shared by all jobs. Only the controller's thread comes here. */
  private TaskMemory memory(WorkerSettings settings) {
    TaskMemory known = memory;
    if (known != null) {
      return known;
    }
    Path folder =
        Path.of(
            settings.getTemporary().isEmpty()
                ? System.getProperty("java.io.tmpdir")
                : settings.getTemporary());
    TaskMemory shared =
        TaskMemory.of(Runtime.getRuntime().maxMemory(), settings.getTasksAtATime(), folder);
    if (settings.getMapOutputMemory() >= 0) {
      shared = shared.withBudget(settings.getMapOutputMemory());
    }
    memory = shared;
    return shared;
  }

  /** In a thread of its own: the next job must not wait for a task that is slow to stop. */
  private void end(long id, PlaceChannel<FromWorker, ToWorker> client) {
    WorkerJob job = jobs.remove(id);
    node.surroundings()
        .spawner()
        .virtual(
            "mapreduce-end",
            () -> {
              if (job != null) {
                job.end();
              }
              tell(client, FromWorker.newBuilder().setJobEnded(JobEnded.newBuilder().setJob(id)));
            });
  }

  private static void tell(PlaceChannel<FromWorker, ToWorker> client, FromWorker.Builder message) {
    try {
      client.put(message.build());
    } catch (PlacesException e) {
      // It is gone, and does not want to know.
    }
  }

  private void map(RunMap order, PlaceChannel<FromWorker, ToWorker> controller) {
    WorkerJob job = job(order.getJob());
    var attempt = new AttemptId(TaskKind.MAP, order.getTask(), order.getAttempt());
    start(
        job,
        attempt,
        controller,
        listener -> {
          if (job.isMapOnly()) {
            var part = new OutputPart('m', order.getTask(), order.getAttempt());
            return job.resolve().mapOnlyTask(listener).run(order.getSplit(), part);
          }
          MapOutput output = job.resolve().mapTask(job.memory(), listener).run(order.getSplit());
          job.add(attempt, output);
          return output.counters();
        });
  }

  private void reduce(RunReduce order, PlaceChannel<FromWorker, ToWorker> controller) {
    WorkerJob job = job(order.getJob());
    var attempt = new AttemptId(TaskKind.REDUCE, order.getPartition(), order.getAttempt());
    start(
        job,
        attempt,
        controller,
        listener -> {
          List<Runnable> closings = new ArrayList<>();
          long room = job.memory().unreadOfEach(order.getSourcesCount());
          try (var channels = fetchChannels.take(room)) {
            List<EntryCursor> runs = new ArrayList<>();
            for (Source source : order.getSourcesList()) {
              runs.add(open(source, job, order.getPartition(), closings, channels));
            }
            var part = new OutputPart(order.getPartition(), order.getAttempt());
            Counters counters = job.resolve().reduceTask(listener).run(runs, part);
            channels.keep();
            return counters;
          } finally {
            closings.forEach(Runnable::run);
          }
        });
  }

  private void start(
      WorkerJob job,
      AttemptId attempt,
      PlaceChannel<FromWorker, ToWorker> controller,
      WorkerTask.Work work) {
    var task = new WorkerTask(job.id(), attempt, controller, node.surroundings().clock(), work);
    job.register(task);
    node.surroundings().spawner().platform("mapreduce-task", () -> job.run(task));
  }

  private void stop(StopTask order) {
    WorkerJob job = jobs.get(order.getJob());
    if (job != null) {
      job.stop(new AttemptId(order.getKind(), order.getTask(), order.getAttempt()));
    }
  }

  private EntryCursor open(
      Source source,
      WorkerJob job,
      int partition,
      List<Runnable> closings,
      FetchChannels.Taken channels) {
    var address = new InetSocketAddress(source.getHost(), source.getPort());
    if (address.equals(node.address())) {
      MergedRuns own = job.partition(partition, source.getMapsList());
      closings.add(own::close);
      return own;
    }
    return new RunReader(
        job.isPacked(),
        channels.fetch(address, source, job.id(), partition),
        "of partition " + partition + " from node " + source.getNode());
  }

  private void send(
      FetchPartition request, PacedAnswer answer, PlaceChannel<FromWorker, ToWorker> reducer) {
    try {
      sendOrTell(request, answer, reducer);
    } catch (ChannelClosedException | NodeLostException e) {
      // Nobody is left to be told.
    } catch (Throwable e) { // there is no memory even to say so: then it must be heard that nothing more comes
      reducer.close();
      throw e;
    }
  }

  private void sendOrTell(
      FetchPartition request, PacedAnswer answer, PlaceChannel<FromWorker, ToWorker> reducer) {
    try {
      WorkerJob job = job(request.getJob());
      job.whileItLasts(
          () -> {
            try (var pairs = job.partition(request.getPartition(), request.getMapsList())) {
              Shuffle.send(pairs, job.resolve(), answer);
            }
          });
    } catch (ChannelClosedException | NodeLostException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      Thread.interrupted(); // by a combiner, or because nobody wants the answer: this must get out
      var failed =
          WorkerTask.describe(UserCode.explained(e))
              .setJob(request.getJob())
              .setKind(TaskKind.REDUCE);
      reducer.put(FromWorker.newBuilder().setFailed(failed).build());
    }
  }

  private WorkerJob job(long id) {
    WorkerJob job = jobs.get(id);
    if (job == null) {
      throw new PlacesException("node %s knows no job %d".formatted(node.name(), id));
    }
    return job;
  }
}
