package io.places.examples.cli;

import io.places.Clock;
import io.places.launch.Hosts;
import io.places.mapreduce.Job;
import io.places.mapreduce.JobReport;
import io.places.mapreduce.Workers;
import java.io.PrintStream;
import java.time.Duration;

/** Runs jobs on a command's nodes, one after the other, with progress and reports on the standard error. */
final class JobRunner implements AutoCloseable {
  private final Workers workers;
  private final PrintStream err;

  private JobRunner(Workers workers, PrintStream err) {
    this.workers = workers;
    this.err = err;
  }

  /** Starts a worker on each node. */
  static JobRunner start(NodesOptions nodes, Hosts hosts, String... packages) {
    return new JobRunner(workers(nodes, hosts, packages), System.err);
  }

  private static Workers workers(NodesOptions nodes, Hosts hosts, String... packages) {
    if (nodes.areElsewhere()) {
      return Workers.launch(hosts, packages);
    }
    Duration limit = nodes.startLimit();
    return limit == null
        ? Workers.processes(hosts.slots(), packages)
        : Workers.processes(hosts.slots(), limit, packages);
  }

  /** Runs a job and tells of its phases. */
  JobReport run(Job job) {
    JobReport report = runQuietly(job);
    err.print(report.table());
    return report;
  }

  /** As {@link #run}, without the report at the end. */
  JobReport runQuietly(Job job) {
    try (var progress = new JobProgressBar(err, JobProgressBar.onTerminal(), Clock.system())) {
      return workers.run(job, progress);
    }
  }

  @Override
  public void close() {
    workers.close();
  }
}
