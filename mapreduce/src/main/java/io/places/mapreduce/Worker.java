package io.places.mapreduce;

import io.places.ChannelClosedException;
import io.places.Clock;
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
import io.places.mapreduce.proto.TaskDone;
import io.places.mapreduce.proto.TaskFailed;
import io.places.mapreduce.proto.TaskKind;
import io.places.mapreduce.proto.TaskProgress;
import io.places.mapreduce.proto.ToWorker;
import io.places.node.Node;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/*
 * A worker is a named place. Its clients are the controller, which gives it tasks, and other workers,
 * which fetch map output. Each client is served by a thread of its own; each task runs in one of its own,
 * so that the controller can end a job in the middle of a task.
 */
/** Runs the tasks of jobs on one node. */
final class Worker {
  static final String NAME = "mapreduce-worker";

  /** Often enough for a progress bar, too rare to cost. */
  private static final Duration REPORT_PERIOD = Duration.ofMillis(100);

  private final Node node;
  private final JobClasses classes;
  private final Map<Long, WorkerJob> jobs = new ConcurrentHashMap<>();

  private Worker(Node node) {
    this.node = node;
    this.classes = new AllowedClasses(node.allowed());
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
    try (client) {
      while (true) {
        handle(client.get(), client);
      }
    } catch (ChannelClosedException | NodeLostException e) {
      // The client is done, or gone. A controller that is gone takes this node with it.
    }
  }

  private void handle(ToWorker message, PlaceChannel<FromWorker, ToWorker> client) {
    switch (message.getBodyCase()) {
      case BEGIN_JOB -> begin(message.getBeginJob());
      case RUN_MAP -> start(() -> map(message.getRunMap(), client));
      case RUN_REDUCE -> start(() -> reduce(message.getRunReduce(), client));
      case END_JOB -> end(message.getEndJob().getJob(), client);
      case FETCH_PARTITION -> send(message.getFetchPartition(), client);
      case BODY_NOT_SET -> {} // of a later version
    }
  }

  private void start(Runnable task) {
    node.surroundings().spawner().platform("mapreduce-task", task);
  }

  private void begin(BeginJob message) {
    jobs.put(message.getJob(), new WorkerJob(message.getJob(), message.getSpec(), classes));
  }

  private void end(long id, PlaceChannel<FromWorker, ToWorker> client) {
    WorkerJob job = jobs.remove(id);
    if (job != null) {
      job.end();
    }
    client.put(FromWorker.newBuilder().setJobEnded(JobEnded.newBuilder().setJob(id)).build());
  }

  private void map(RunMap order, PlaceChannel<FromWorker, ToWorker> controller) {
    var task = new Task(order.getJob(), TaskKind.MAP, order.getTask(), controller);
    task.run(
        job -> {
          MapOutput output = job.resolve().mapTask(task).run(order.getSplit());
          job.add(order.getTask(), output);
          return output.counters();
        });
  }

  private void reduce(RunReduce order, PlaceChannel<FromWorker, ToWorker> controller) {
    var task = new Task(order.getJob(), TaskKind.REDUCE, order.getPartition(), controller);
    task.run(
        job -> {
          List<PlaceChannel<?, ?>> opened = new ArrayList<>();
          try {
            List<EntryCursor> runs = new ArrayList<>();
            for (Source source : order.getSourcesList()) {
              runs.add(open(source, job, order.getPartition(), opened));
            }
            var part = new OutputPart(order.getPartition(), order.getAttempt());
            return job.resolve().reduceTask(task).run(runs, part);
          } finally {
            opened.forEach(PlaceChannel::close);
          }
        });
  }

  private EntryCursor open(
      Source source, WorkerJob job, int partition, List<PlaceChannel<?, ?>> opened) {
    var address = new InetSocketAddress(source.getHost(), source.getPort());
    if (address.equals(node.address())) {
      return job.partition(partition);
    }
    PlaceChannel<ToWorker, FromWorker> worker =
        node.connect(address).named(NAME, ToWorker.class, FromWorker.class);
    opened.add(worker);
    return new RunReader(
        Shuffle.fetch(job.id(), partition, worker),
        "of partition " + partition + " from node " + source.getNode());
  }

  private void send(FetchPartition request, PlaceChannel<FromWorker, ToWorker> reducer) {
    try {
      WorkerJob job = job(request.getJob());
      Shuffle.send(job.partition(request.getPartition()), job.resolve(), reducer);
    } catch (ChannelClosedException | NodeLostException e) {
      throw e; // nobody is left to be told
    } catch (RuntimeException e) {
      reducer.put(
          failed(TaskFailed.newBuilder().setJob(request.getJob()).setKind(TaskKind.REDUCE), e));
    }
  }

  private WorkerJob job(long id) {
    WorkerJob job = jobs.get(id);
    if (job == null) {
      throw new PlacesException("node %s knows no job %d".formatted(node.name(), id));
    }
    return job;
  }

  private static FromWorker failed(TaskFailed.Builder failed, Throwable cause) {
    var stack = new StringWriter();
    cause.printStackTrace(new PrintWriter(stack));
    return FromWorker.newBuilder()
        .setFailed(
            failed
                .setExceptionClass(cause.getClass().getName())
                .setMessage(cause.getMessage() == null ? cause.toString() : cause.getMessage())
                .setStack(stack.toString()))
        .build();
  }

  /** One task: reports to the controller what it reads, and how it ends. */
  private final class Task implements TaskListener {
    private final long jobId;
    private final TaskKind kind;
    private final int number;
    private final PlaceChannel<FromWorker, ToWorker> controller;
    private final Clock clock = node.surroundings().clock();
    private long reported = clock.nanoTime();
    private long bytes;
    private long records;

    Task(
        long jobId, TaskKind kind, int number, PlaceChannel<FromWorker, ToWorker> controller) {
      this.jobId = jobId;
      this.kind = kind;
      this.number = number;
      this.controller = controller;
    }

    private interface Work {
      Counters run(WorkerJob job);
    }

    void run(Work work) {
      try {
        WorkerJob job = job(jobId);
        job.run(() -> controller.put(done(work.run(job))));
      } catch (ChannelClosedException | NodeLostException e) {
        tell(e); // the controller is gone, or another worker; if it is the controller, so are we
      } catch (RuntimeException | Error e) {
        tell(e);
      }
    }

    private void tell(Throwable failure) {
      try {
        var failed = TaskFailed.newBuilder().setJob(jobId).setKind(kind).setTask(number);
        controller.put(failed(failed, failure));
      } catch (PlacesException e) {
        // Interrupted because the job was ended, or the controller is gone: it does not want to know.
      }
    }

    private FromWorker done(Counters counters) {
      return FromWorker.newBuilder()
          .setDone(
              TaskDone.newBuilder()
                  .setJob(jobId)
                  .setKind(kind)
                  .setTask(number)
                  .setCounters(counters.toMessage()))
          .build();
    }

    @Override
    public void read(long moreBytes, long moreRecords) {
      bytes += moreBytes;
      records += moreRecords;
      long now = clock.nanoTime();
      if (now - reported < REPORT_PERIOD.toNanos()) {
        return;
      }
      reported = now;
      controller.put(
          FromWorker.newBuilder()
              .setProgress(
                  TaskProgress.newBuilder()
                      .setJob(jobId)
                      .setKind(kind)
                      .setTask(number)
                      .setBytes(bytes)
                      .setRecords(records))
              .build());
      bytes = 0;
      records = 0;
    }
  }
}
