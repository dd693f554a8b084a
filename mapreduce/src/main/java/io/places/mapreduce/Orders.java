package io.places.mapreduce;

import io.places.mapreduce.proto.BeginJob;
import io.places.mapreduce.proto.EndJob;
import io.places.mapreduce.proto.JobSpec;
import io.places.mapreduce.proto.RunMap;
import io.places.mapreduce.proto.RunReduce;
import io.places.mapreduce.proto.SideChunk;
import io.places.mapreduce.proto.Source;
import io.places.mapreduce.proto.Split;
import io.places.mapreduce.proto.StopTask;
import io.places.mapreduce.proto.ToWorker;
import io.places.mapreduce.proto.WorkerSettings;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a controller tells workers about one job. */
final class Orders {
  private final long job;
  private final JobSpec spec;
  private final WorkerSettings settings;

  Orders(long job, JobSpec spec, WorkerSettings settings) {
    this.job = job;
    this.spec = spec;
    this.settings = settings;
  }

  ToWorker begin(@Nullable KeyRanges ranges) {
    var order = BeginJob.newBuilder().setJob(job).setSpec(spec).setSettings(settings);
    if (ranges != null) {
      order.setRanges(ranges.toMessage());
    }
    return ToWorker.newBuilder().setBeginJob(order).build();
  }

  ToWorker side(SideChunk chunk) {
    return ToWorker.newBuilder().setSideChunk(chunk).build();
  }

  ToWorker end() {
    return ToWorker.newBuilder().setEndJob(EndJob.newBuilder().setJob(job)).build();
  }

  ToWorker map(Attempt attempt, Split split) {
    var order =
        RunMap.newBuilder()
            .setJob(job)
            .setTask(attempt.task().number())
            .setAttempt(attempt.number())
            .setSplit(split);
    return ToWorker.newBuilder().setRunMap(order).build();
  }

  /** To be given when all map tasks are done. */
  ToWorker reduce(Attempt attempt, TaskList maps) {
    Map<Member, Source.Builder> sources = new LinkedHashMap<>();
    for (Task map : maps.all()) {
      Attempt winner = map.winner();
      if (winner == null) {
        throw new IllegalStateException(map + " is not done, so nothing can be reduced");
      }
      sources
          .computeIfAbsent(winner.worker(), holder -> source(holder, attempt.worker()))
          .addMaps(map.number());
    }
    var order =
        RunReduce.newBuilder()
            .setJob(job)
            .setPartition(attempt.task().number())
            .setAttempt(attempt.number());
    sources.values().forEach(order::addSources);
    return ToWorker.newBuilder().setRunReduce(order).build();
  }

  ToWorker stop(Attempt attempt) {
    var order =
        StopTask.newBuilder()
            .setJob(job)
            .setKind(attempt.task().kind())
            .setTask(attempt.task().number())
            .setAttempt(attempt.number());
    return ToWorker.newBuilder().setStopTask(order).build();
  }

  private static Source.Builder source(Member holder, Member reducer) {
    InetSocketAddress address = holder.link().node().addressFrom(reducer.link().node());
    return Source.newBuilder()
        .setNode(holder.nodeName())
        .setHost(address.getAddress().getHostAddress())
        .setPort(address.getPort())
        .setWorker(holder.number());
  }
}
